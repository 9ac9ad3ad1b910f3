// The Contacts view around its tree: the badge with the number of unread messages, the message above the tree, and the
// context keys that select the welcome text and the menus.

import { commands, window } from "vscode";
import type { TreeView } from "vscode";
import type { ConsentRequestStore } from "../daemon-client/consent-requests.ts";
import { t } from "../ui/l10n.ts";
import { plainLine } from "../ui/plain-text.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import { debounced, Disposables } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import { connectionStatusOf } from "../daemon-client/connection-status.ts";
import type { DropTarget } from "./drop.ts";
import { createDropController } from "./drop.ts";
import { newMessages, totalUnread } from "./contact-queries.ts";
import { selectedRow } from "./row-click.ts";
import { ContactsProvider, openRow } from "./tree-provider.ts";
import type { TreeNode } from "./contact-tree.ts";
import { createDayWatch } from "./short-time.ts";

export interface ContactsView extends Disposable {
  readonly provider: ContactsProvider;
  readonly view: TreeView<TreeNode>;
  /** Shows only people whose name contains the text; empty: everyone. */
  filter(text: string): void;
}

export function createContactsView(
  store: SessionStore,
  questions: ConsentRequestStore,
  drop: DropTarget,
): ContactsView {
  const disposables = new Disposables();
  const provider = new ContactsProvider(store, questions);
  const view = window.createTreeView("chatRoom.contacts", {
    treeDataProvider: provider,
    showCollapseAll: false,
    canSelectMany: true,
    dragAndDropController: createDropController(drop),
  });
  const setContext = createContextSetter();
  const update = (): void => {
    const { state, sentence, user } = connectionStatusOf(store.link, store.session);
    // Contacts left over from an ended session are not shown.
    const isOut = state === "signedOut" || state === "elsewhere";
    const unread = isOut ? 0 : totalUnread(store.contacts);
    const isEmpty = provider.getChildren().length === 0;
    view.badge = unread === 0 ? undefined : { value: unread, tooltip: newMessages(unread) };
    view.description = user ?? "";
    view.message = messageAbove(state, sentence, isEmpty) || filterText(provider.filter, isEmpty);
    setContext("chatRoom.state", state);
    setContext("chatRoom.signedIn", user !== undefined);
    setContext("chatRoom.readable", store.account !== undefined);
    setContext("chatRoom.signedOutCode", store.session?.state === "signedOut" ? (store.session.code ?? "") : "");
    setContext("chatRoom.filtered", provider.filter !== "");
    setContext("chatRoom.questions", questions.open.length);
  };
  const opening = commands.registerCommand(openRow, async () => {
    const row = await selectedRow(view, provider.drawn);
    if (row?.kind === "contact") await commands.executeCommand("chatRoom.openChat", row);
    if (row?.kind === "question") await commands.executeCommand("chatRoom.answerQuestion", { id: row.question.id });
  });
  const isNewDay = createDayWatch(Date.now());
  const focusing = window.onDidChangeWindowState(() => {
    if (isNewDay(Date.now())) provider.redraw();
  });
  const following = store.changed.on((change) => {
    // Immediately, if more than contacts changed: otherwise the tree would be empty beside the old welcome text.
    if (change === undefined) update();
  });
  disposables.add(
    provider,
    view,
    opening,
    focusing,
    following,
    debounced(store.changed).on(update),
    questions.changed.on(update),
  );
  update();
  return {
    provider,
    view,
    filter: (text) => {
      provider.filter = text;
      update();
    },
    dispose: () => disposables.dispose(),
  };
}

/** Shown if neither a row nor the welcome text of an empty tree says it. */
function messageAbove(state: string, sentence: string, empty: boolean): string {
  return state === "starting" && !empty ? sentence : "";
}

function filterText(filter: string, empty: boolean): string {
  return filter === "" || empty ? "" : t("Names with “{0}”", plainLine(filter, 64));
}

function createContextSetter(): (key: string, value: string | number | boolean) => void {
  const known = new Map<string, string | number | boolean>();
  return (key, value) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void commands.executeCommand("setContext", key, value);
  };
}
