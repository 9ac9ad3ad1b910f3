// The Contacts view around its tree: the badge with all that is unread, the line above the tree that says why the
// server cannot be reached, and the context keys that choose the welcome text and the menus.

import { commands, window } from "vscode";
import type { TreeView } from "vscode";
import type { Room } from "../room.ts";
import { Disposables } from "../signal.ts";
import type { Disposable } from "../signal.ts";
import { standingOf } from "../standing.ts";
import { newMessages, totalUnread } from "./model.ts";
import type { TreeNode } from "./model.ts";
import { ContactsProvider } from "./provider.ts";

export interface ContactsView extends Disposable {
  readonly provider: ContactsProvider;
  readonly view: TreeView<TreeNode>;
}

export function createContactsView(room: Room): ContactsView {
  const disposables = new Disposables();
  const provider = new ContactsProvider(room);
  const view = window.createTreeView("chatRoom.contacts", { treeDataProvider: provider, showCollapseAll: false });
  const update = (): void => {
    const { state, sentence, user } = standingOf(room.link, room.session);
    const unread = totalUnread(room.contacts);
    view.badge = unread === 0 ? undefined : { value: unread, tooltip: newMessages(unread) };
    view.description = user ?? "";
    view.message = messageAbove(state, sentence, provider.getChildren().length === 0);
    setContext("chatRoom.state", state);
    setContext("chatRoom.signedOutCode", room.session?.state === "signedOut" ? (room.session.code ?? "") : "");
  };
  const setContext = createContextSetter();
  disposables.add(provider, view, room.changed.on(update));
  update();
  return { provider, view, dispose: () => disposables.dispose() };
}

/** The whole reason; hides the welcome text of an empty tree, so it is kept for what no welcome text can say. */
function messageAbove(state: string, sentence: string, empty: boolean): string {
  if (state === "unreachable" || state === "distrusted" || state === "down") return sentence;
  return state === "starting" && !empty ? sentence : "";
}

function createContextSetter(): (key: string, value: string) => void {
  const known = new Map<string, string>();
  return (key, value) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void commands.executeCommand("setContext", key, value);
  };
}
