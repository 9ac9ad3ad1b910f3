// Turns the nodes of the contacts tree into VS Code tree items: icons in theme colors, ids that survive a refresh, a
// command that opens the row. Redraws only what changed, and decides nothing about the content of the tree.

import { env, EventEmitter, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from "vscode";
import type { TreeDataProvider } from "vscode";
import type { ConsentRequestStore } from "../daemon-client/consent-requests.ts";
import { t } from "../ui/l10n.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import { Disposables, Emitter } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import { connectionStatusOf } from "../daemon-client/connection-status.ts";
import type { ConnectionState } from "../daemon-client/connection-status.ts";
import { iconOf } from "./icons.ts";
import { isPresenceKnown } from "./contact-queries.ts";
import { contactRow, problemRow, questionRow, sectionRow } from "./contact-row.ts";
import type { Row } from "./contact-row.ts";
import { ContactTree } from "./contact-tree.ts";
import type { ContactNode, ProblemNode, QuestionNode, SectionNode, TreeNode } from "./contact-tree.ts";
import { createTimeWords } from "./short-time.ts";

/** The command of a click on a row, without arguments: see `row-click.ts`. */
export const openRow = "chatRoom.openRow";

export class ContactsProvider implements TreeDataProvider<TreeNode>, Disposable {
  /** Fires whenever VS Code was given a row. */
  readonly drawn = new Emitter<undefined>();
  readonly #store: SessionStore;
  readonly #questions: ConsentRequestStore;
  readonly #tree = new ContactTree();
  readonly #changes = new EventEmitter<TreeNode | TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #disposables = new Disposables();
  readonly #timeWords = createTimeWords(env.language);
  #filter = "";

  constructor(store: SessionStore, questions: ConsentRequestStore) {
    this.#store = store;
    this.#questions = questions;
    this.#disposables.add(
      this.#changes,
      questions.changed.on(() => this.#refresh()),
      store.changed.on((change) => {
        if (change === undefined || change.removed.length > 0) {
          this.#refresh();
          return;
        }
        const nodes = this.#tree.change(change.changed);
        if (nodes === "all") this.#changes.fire(undefined);
        else if (nodes.length > 0) this.#changes.fire([...nodes]);
      }),
    );
    this.#refresh();
  }

  /** A part of a name; empty: everyone is shown. */
  get filter(): string {
    return this.#filter;
  }

  set filter(text: string) {
    this.#filter = text.trim();
    this.#refresh();
  }

  /** Redraws every row, for example on a new day. */
  redraw(): void {
    this.#changes.fire(undefined);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node === undefined) return [...this.#tree.roots];
    return node.kind === "section" ? [...node.contacts] : [];
  }

  getTreeItem(node: TreeNode): TreeItem {
    this.drawn.fire(undefined);
    try {
      return this.#itemOf(node);
    } catch {
      // If one item throws, VS Code shows no rows at all.
      return placeholderItem(node);
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #itemOf(node: TreeNode): TreeItem {
    switch (node.kind) {
      case "section":
        return sectionItem(node, this.#filter !== "");
      case "contact":
        return this.#contactItem(node);
      case "problem":
        return problemItem(node, connectionStatusOf(this.#store.link, this.#store.session).sentence);
      case "question":
        return questionItem(node);
    }
  }

  get #state(): ConnectionState {
    return connectionStatusOf(this.#store.link, this.#store.session).state;
  }

  #refresh(): void {
    const { contacts } = this.#store;
    this.#tree.rebuild({ state: this.#state, contacts, questions: this.#questions.open, filter: this.#filter });
    this.#changes.fire(undefined);
  }

  #contactItem(node: ContactNode): TreeItem {
    const { contact } = node;
    const presenceKnown = isPresenceKnown(this.#state, contact);
    const when = contact.lastAtMs === undefined ? undefined : this.#timeWords(contact.lastAtMs, Date.now());
    const row = contactRow(contact, { presenceKnown, ...(when !== undefined && { when }) });
    const item = itemFor(row, TreeItemCollapsibleState.None);
    const { id, color } = iconOf(contact, presenceKnown);
    item.id = contact.conversation;
    item.iconPath = color === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(color));
    item.command = { command: openRow, title: t("Open Chat") };
    return item;
  }
}

function sectionItem(node: SectionNode, filtered: boolean): TreeItem {
  const { Collapsed, Expanded } = TreeItemCollapsibleState;
  const item = itemFor(sectionRow(node), node.id === "blocked" && !filtered ? Collapsed : Expanded);
  item.id = `section:${node.id}`;
  return item;
}

const problemCommands = {
  unreachable: "chatRoom.reconnect",
  distrusted: "chatRoom.trustServer",
  down: "chatRoom.troubleshoot",
} as const;

function problemItem(node: ProblemNode, why: string): TreeItem {
  const item = itemFor(problemRow(node, why), TreeItemCollapsibleState.None);
  item.id = "problem";
  item.iconPath = new ThemeIcon("warning", new ThemeColor("list.warningForeground"));
  item.command = { command: problemCommands[node.state], title: t("Help") };
  return item;
}

function questionItem({ question }: QuestionNode): TreeItem {
  const item = itemFor(questionRow(question), TreeItemCollapsibleState.None);
  item.id = `question:${question.id}`;
  item.iconPath = new ThemeIcon("question", new ThemeColor("charts.blue"));
  item.command = { command: openRow, title: t("Answer") };
  return item;
}

function placeholderItem(node: TreeNode): TreeItem {
  const item = new TreeItem(t("This row cannot be shown."), TreeItemCollapsibleState.None);
  if (node.kind === "contact") item.id = node.contact.conversation;
  return item;
}

function itemFor(row: Row, state: TreeItemCollapsibleState): TreeItem {
  const item = new TreeItem(row.label, state);
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: row.accessibleLabel };
  return item;
}
