// The Contacts tree as data: rows that need an answer on top, then Everyone, then the sections Online, Offline and Blocked;
// People instead of Online and Offline if presence is unknown. A node stays the same object for as long as it is in the
// tree, so that one changed contact among thousands redraws one row: `change` reports which. No vscode.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { ConsentRequest } from "../../protocol/api/direct.ts";
import type { Contact } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { ConnectionState } from "../daemon-client/connection-status.ts";
import { isPresenceKnown } from "./contact-queries.ts";

export type SectionId = "online" | "offline" | "people" | "blocked";

export interface SectionNode {
  readonly kind: "section";
  readonly id: SectionId;
  readonly contacts: readonly ContactNode[];
}

export interface ContactNode {
  readonly kind: "contact";
  /** As last reported by the daemon. */
  readonly contact: Contact;
}

/** Why the rest of the tree is outdated, with the action of a click. */
export interface ProblemNode {
  readonly kind: "problem";
  readonly state: "unreachable" | "distrusted" | "down";
}

/** Somebody waits for the person's consent. */
export interface QuestionNode {
  readonly kind: "question";
  readonly question: ConsentRequest;
}

export type TreeNode = SectionNode | ContactNode | ProblemNode | QuestionNode;

export interface TreeSource {
  readonly state: ConnectionState;
  readonly contacts: readonly Contact[];
  readonly questions: readonly ConsentRequest[];
  /** Shows only people whose name contains this; empty: everyone. */
  readonly filter: string;
}

type Member = { -readonly [Key in keyof ContactNode]: ContactNode[Key] };
interface Section extends SectionNode {
  contacts: readonly Member[];
}

const order: readonly SectionId[] = ["online", "people", "offline", "blocked"];

export class ContactTree {
  /** Created with the first contacts, because it takes milliseconds and a starting window has no contacts. */
  #collator: Intl.Collator | undefined;
  readonly #members = new Map<ConversationId, Member>();
  readonly #sections = new Map<SectionId, Section>();
  #source: TreeSource = { state: "starting", contacts: [], questions: [], filter: "" };
  #roots: readonly TreeNode[] = [];

  /** Empty if a welcome text is shown instead. */
  get roots(): readonly TreeNode[] {
    return this.#roots;
  }

  /** Rebuilds everything. Nodes of contacts that remain are kept. */
  rebuild(source: TreeSource): void {
    this.#source = source;
    const present = new Set(source.contacts.map((each) => each.conversation));
    for (const conversation of this.#members.keys()) {
      if (!present.has(conversation)) this.#members.delete(conversation);
    }
    for (const contact of source.contacts) {
      const member = this.#members.get(contact.conversation);
      if (member === undefined) this.#members.set(contact.conversation, { kind: "contact", contact });
      else member.contact = contact;
    }
    this.#arrange();
  }

  /** Updates changed or new contacts; none may have been removed. Returns the nodes to redraw; `all`: the whole tree. */
  change(changed: readonly Contact[]): readonly TreeNode[] | "all" {
    const rows: TreeNode[] = [];
    let moved = false;
    for (const contact of changed) {
      const member = this.#members.get(contact.conversation);
      const before = member?.contact;
      if (member === undefined) this.#members.set(contact.conversation, { kind: "contact", contact });
      else {
        member.contact = contact;
        rows.push(member);
      }
      moved ||= before === undefined || this.#hasMoved(before, contact);
    }
    if (!moved && this.#roots.length > 0) return rows;
    this.#arrange();
    return "all";
  }

  #arrange(): void {
    const { state, questions } = this.#source;
    const troubled = state === "unreachable" || state === "distrusted" || state === "down";
    const problems: TreeNode[] = troubled ? [{ kind: "problem", state }] : [];
    const members = [...this.#members.values()];
    const everyone = members.filter(({ contact }) => isEveryone(contact.conversation));
    const asked = questions.map((question): QuestionNode => ({ kind: "question", question }));
    if (state === "signedOut" || state === "elsewhere") this.#roots = [];
    else if (members.length === everyone.length && everyone.every(({ contact }) => isSilent(contact))) {
      // There would be no row except the problem, and the welcome text offers more about it than one row.
      this.#roots = asked;
    } else {
      const isFiltered = this.#source.filter !== "";
      this.#roots = [...problems, ...asked, ...(isFiltered ? [] : everyone), ...this.#arrangedSections(members)];
    }
  }

  #arrangedSections(members: readonly Member[]): Section[] {
    const byPlace = Map.groupBy(members, ({ contact }) => this.#sectionOf(contact));
    const found: Section[] = [];
    const collator = (this.#collator ??= new Intl.Collator(undefined, { sensitivity: "base", numeric: true }));
    for (const id of order) {
      const contacts = byPlace.get(id)?.sort((a, b) => collator.compare(a.contact.name, b.contact.name));
      if (contacts === undefined) continue;
      const section = this.#sections.get(id) ?? { kind: "section", id, contacts };
      section.contacts = contacts;
      this.#sections.set(id, section);
      found.push(section);
    }
    return found;
  }

  #hasMoved(before: Contact, now: Contact): boolean {
    if (this.#sectionOf(before) !== this.#sectionOf(now) || before.name !== now.name) return true;
    // In an otherwise empty tree, an Everyone without messages is not shown.
    return isEveryone(now.conversation) && isSilent(before) !== isSilent(now);
  }

  #sectionOf(contact: Contact): SectionId | "top" | "hidden" {
    const { state, filter } = this.#source;
    if (isEveryone(contact.conversation)) return "top";
    if (filter !== "" && !keyOfName(contact.name).includes(keyOfName(filter))) return "hidden";
    if (contact.blocked) return "blocked";
    if (state !== "starting" && !isPresenceKnown(state, contact)) return "people";
    return contact.presence === "offline" ? "offline" : "online";
  }
}

function isSilent(contact: Contact): boolean {
  return contact.lastWords === undefined && contact.unread === 0;
}
