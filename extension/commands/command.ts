// A command of the extension, declared once: `npm run generate` writes the manifest, its English texts, the tables of
// docs/extension.md and `registry.ts` from these declarations. Of a declaration the bundle holds only what is needed to run
// it (see scripts/declarations.ts), so nothing in extension/ reads the rest.

import type { AppContext } from "./app-context.ts";
import type { Arguments } from "./command-arguments.ts";

export type CommandId = `chatRoom.${string}`;
type Run = (app: AppContext, ...given: unknown[]) => unknown;

/** What is needed to run it. */
export interface RunnableCommand {
  readonly id: CommandId;
  /** What other code and keybindings may give, in the order in which they may be given alone. */
  readonly arguments?: Arguments;
  readonly run: Run;
}

interface MenuItem {
  /** `group@order`; `inline` and `navigation` are shown as buttons. */
  readonly group: string;
  /** In addition to the condition that belongs to the menu. */
  readonly when?: string;
}

/** The menus of VS Code in which commands of Chat Room appear, and the condition of each. */
export const menus = {
  /** Above the Contacts view. */
  contactsTitle: { id: "view/title", when: "view == chatRoom.contacts" },
  /** Of a row in Contacts. */
  contact: { id: "view/item/context", when: "view == chatRoom.contacts" },
  /** Of a message, over the page of a chat. */
  message: { id: "webview/context", when: undefined },
  /** Of a text editor. */
  editor: { id: "editor/context", when: undefined },
} as const;

export interface CommandDeclaration extends RunnableCommand {
  /** English. */
  readonly title: string;
  /** The name of a codicon. */
  readonly icon?: string;
  /** One sentence for the documentation. */
  readonly description: string;
  /** When it can be used, as a condition of VS Code; always by default. */
  readonly enablement?: string;
  /** When the palette offers it, as a condition, or never; always by default. */
  readonly palette?: string | false;
  readonly menus?: Readonly<Partial<Record<keyof typeof menus, MenuItem | readonly MenuItem[]>>>;
  /** `ctrl+…`; on a Mac it is `cmd+…`. */
  readonly keybinding?: { readonly key: `ctrl+${string}`; readonly when: string };
  /**
   * Its file is part of a bundle that is loaded when it is first needed; `run` must be an exported function of that file.
   * For what is large and rarely run.
   */
  readonly late?: true;
}

export function command(declaration: CommandDeclaration): CommandDeclaration {
  return declaration;
}
