// The large commands that are rarely run, as a separate bundle: esbuild.mjs adds every file that declares one as `late`. It
// has its own copy of everything it uses, including the translations.

import { env, l10n } from "vscode";
import { useTranslations } from "../ui/l10n.ts";

useTranslations(l10n.t, env.language, l10n.bundle);
