// Dresses the rows of the contacts model as VS Code tree items: icons in theme colours, ids that survive a refresh,
// click opens the chat. Decides nothing about what is in the tree.

import { EventEmitter, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from "vscode";
import type { TreeDataProvider } from "vscode";
import type { Contact } from "../../protocol/editor/model.ts";
import type { Room } from "../room.ts";
import type { Disposable } from "../signal.ts";
import { standingOf } from "../standing.ts";
import type { StandingState } from "../standing.ts";
import { contactRow, isEveryone, isPresenceKnown, problemRow, sectionRow, treeOf } from "./model.ts";
import type { ContactNode, ProblemNode, Row, SectionNode, TreeNode } from "./model.ts";

export class ContactsProvider implements TreeDataProvider<TreeNode>, Disposable {
  readonly #room: Room;
  readonly #changes = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #subscription: Disposable;

  constructor(room: Room) {
    this.#room = room;
    this.#subscription = room.changed.on(() => this.#changes.fire(undefined));
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node === undefined) {
      return [...treeOf(this.#state, this.#room.contacts)];
    }
    return node.kind === "section" ? [...node.contacts] : [];
  }

  getTreeItem(node: TreeNode): TreeItem {
    switch (node.kind) {
      case "section":
        return sectionItem(node);
      case "contact":
        return contactItem(node, isPresenceKnown(this.#state));
      case "problem":
        return problemItem(node);
    }
  }

  get #state(): StandingState {
    return standingOf(this.#room.link, this.#room.session).state;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }
}

function sectionItem(node: SectionNode): TreeItem {
  const { Collapsed, Expanded } = TreeItemCollapsibleState;
  const item = dressed(sectionRow(node), node.id === "blocked" ? Collapsed : Expanded);
  item.id = `section:${node.id}`;
  return item;
}

function contactItem(node: ContactNode, presenceKnown: boolean): TreeItem {
  const { contact } = node;
  const item = dressed(contactRow(contact, presenceKnown), TreeItemCollapsibleState.None);
  item.id = contact.conversation;
  item.iconPath = iconOf(contact, presenceKnown);
  item.command = { command: "chatRoom.openChat", title: "Open Chat", arguments: [node] };
  return item;
}

const problemCommands = {
  unreachable: "chatRoom.reconnect",
  distrusted: "chatRoom.trustServer",
  down: "chatRoom.troubleshoot",
} as const;

function problemItem(node: ProblemNode): TreeItem {
  const item = dressed(problemRow(node), TreeItemCollapsibleState.None);
  item.id = "problem";
  item.iconPath = new ThemeIcon("warning", new ThemeColor("list.warningForeground"));
  item.command = { command: problemCommands[node.state], title: "Help" };
  return item;
}

function dressed(row: Row, state: TreeItemCollapsibleState): TreeItem {
  const item = new TreeItem(row.label, state);
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: row.accessibleLabel };
  return item;
}

function iconOf(contact: Contact, presenceKnown: boolean): ThemeIcon {
  if (isEveryone(contact)) return new ThemeIcon("organization");
  if (contact.blocked) return new ThemeIcon("circle-slash", new ThemeColor("disabledForeground"));
  if (!presenceKnown) return new ThemeIcon("person");
  switch (contact.presence) {
    case "available":
      return new ThemeIcon("circle-filled", new ThemeColor("charts.green"));
    case "away":
      return new ThemeIcon("clock", new ThemeColor("charts.yellow"));
    case "dnd":
      return new ThemeIcon("stop-circle", new ThemeColor("charts.red"));
    case "offline":
      return new ThemeIcon("circle-outline", new ThemeColor("disabledForeground"));
  }
}
