// Asks before what concerns other people or all windows, and can be done again: a list with one yes, which Escape leaves.
// What would be lost for good has a modal question of its own (`Prompter.confirm`). Code that gives arguments is not asked.

import { t } from "../ui/l10n.ts";
import { withoutIcons } from "../ui/plain-text.ts";
import type { AppContext } from "./app-context.ts";

export interface Plan {
  /** The question. */
  readonly title: string;
  /** The label of its yes. */
  readonly yes: string;
  /** What happens then. */
  readonly detail: string;
  /** The name of a codicon. */
  readonly icon: string;
}

/** False where the person gave up. */
export async function agreed(app: AppContext, { title, yes, detail, icon }: Plan): Promise<boolean> {
  const chosen = await app.prompter.choose({
    title,
    placeholder: "",
    choices: [
      { label: withoutIcons(yes, 100), detail, icon, value: true },
      { label: t("Cancel"), icon: "close", value: false },
    ],
  });
  return chosen === true;
}
