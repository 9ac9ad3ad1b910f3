// The commands that are large and rarely run, as a bundle of its own: see esbuild.mjs. It has its own copy of what it uses,
// the translations among that.

import { env, l10n } from "vscode";
import { useTranslations } from "../ui/l10n.ts";

export { runDoctor } from "./doctor.ts";
export { runVerify } from "./verify.ts";

useTranslations(l10n.t, env.language);
