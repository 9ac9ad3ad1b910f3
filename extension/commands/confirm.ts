// Asks before an action that affects other people or all windows and can be undone: a list with one confirmation, which
// Escape cancels. Permanent loss has a modal question of its own (`Prompter.confirm`). Code that passes arguments is not
// asked.

import { t } from "../ui/l10n.ts";
import { withoutIcons } from "../ui/plain-text.ts";
import type { AppContext } from "./app-context.ts";

export interface Plan {
  /** The question. */
  readonly title: string;
  /** The label of the confirmation. */
  readonly yes: string;
  /** What happens after it. */
  readonly detail: string;
  /** The name of a codicon. */
  readonly icon: string;
}

/** Resolves with false if the person cancels. */
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
