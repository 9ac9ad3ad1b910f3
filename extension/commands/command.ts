// The declaration of a command of the extension. `npm run generate` writes the manifest, its English texts, the tables of
// docs/extension.md and `registry.ts` from these declarations. The bundle holds only the parts of a declaration that are
// needed to run the command (see scripts/declarations.ts), so nothing in extension/ reads the rest.

import type { AppContext } from "./app-context.ts";
import type { Arguments } from "./command-arguments.ts";

export type CommandId = `chatRoom.${string}`;
type Run = (app: AppContext, ...given: unknown[]) => unknown;

/** The parts that are needed to run a command. */
export interface RunnableCommand {
  readonly id: CommandId;
  /** Arguments from other code and keybindings, in the order in which they may be passed positionally. */
  readonly arguments?: Arguments;
  readonly run: Run;
}

interface MenuItem {
  /** `group@order`; `inline` and `navigation` are shown as buttons. */
  readonly group: string;
  /** A condition in addition to that of the menu. */
  readonly when?: string;
}

/** The menus of VS Code in which commands of Chat Room appear, and the condition of each. */
export const menus = {
  /** Above the Contacts view. */
  contactsTitle: { id: "view/title", when: "view == chatRoom.contacts" },
  /** The menu of a row in Contacts. */
  contact: { id: "view/item/context", when: "view == chatRoom.contacts" },
  /** The menu of a message, over the page of a chat. */
  message: { id: "webview/context", when: undefined },
  /** The menu of a text editor. */
  editor: { id: "editor/context", when: undefined },
} as const;

export interface CommandDeclaration extends RunnableCommand {
  /** The English title. */
  readonly title: string;
  /** The name of a codicon. */
  readonly icon?: string;
  /** One sentence for the documentation. */
  readonly description: string;
  /** When the command is enabled, as a condition of VS Code; always by default. */
  readonly enablement?: string;
  /** When the palette offers it, as a condition, or never; always by default. */
  readonly palette?: string | false;
  readonly menus?: Readonly<Partial<Record<keyof typeof menus, MenuItem | readonly MenuItem[]>>>;
  /** `ctrl+…`; on a Mac it is `cmd+…`. */
  readonly keybinding?: { readonly key: `ctrl+${string}`; readonly when: string };
  /**
   * Its file is in a bundle that is loaded on first use; `run` must be an exported function of that file.
   * For large commands that are rarely run.
   */
  readonly late?: true;
}

export function command(declaration: CommandDeclaration): CommandDeclaration {
  return declaration;
}
