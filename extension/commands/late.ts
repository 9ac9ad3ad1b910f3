// The commands that are large and rarely run, as a bundle of its own: esbuild.mjs adds every file that declares one as
// `late`. It has its own copy of what it uses, the translations among that.

import { env, l10n } from "vscode";
import { useTranslations } from "../ui/l10n.ts";

useTranslations(l10n.t, env.language, l10n.bundle);
