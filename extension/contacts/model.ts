// The Contacts tree as plain data: Everyone, then the sections Online, Offline and Blocked, each with what a row says
// and what a screen reader says about it. No vscode: the provider next door only dresses these rows.

import type { Contact } from "../../protocol/editor/model.ts";
import { plainLine } from "../plain-text.ts";
import type { StandingState } from "../standing.ts";

export const everyoneName = "Everyone";

export type SectionId = "online" | "offline" | "people" | "blocked";

export interface SectionNode {
  readonly kind: "section";
  readonly id: SectionId;
  readonly label: string;
  readonly contacts: readonly ContactNode[];
}

export interface ContactNode {
  readonly kind: "contact";
  readonly contact: Contact;
}

/** Why the rest of the tree is not up to date, with what a click does about it. */
export interface ProblemNode {
  readonly kind: "problem";
  readonly state: "unreachable" | "distrusted" | "down";
}

export type TreeNode = SectionNode | ContactNode | ProblemNode;

/** What one row says; every text is one plain line. */
export interface Row {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly accessibleLabel: string;
  /** Names the context menu: see `contributes.menus`. */
  readonly contextValue: string;
}

/** The roots. None where a welcome text is shown instead. */
export function treeOf(state: StandingState, contacts: readonly Contact[]): readonly TreeNode[] {
  if (state === "signedOut" || state === "elsewhere") return [];
  const troubled = state === "unreachable" || state === "distrusted" || state === "down";
  const problems: TreeNode[] = troubled ? [{ kind: "problem", state }] : [];
  const everyone = contacts.filter(isEveryone);
  const people = contacts.filter((each) => !isEveryone(each)).sort(byName);
  if (people.length === 0 && everyone.every(isSilent)) return problems;
  const section = (id: SectionId, label: string, belongs: (contact: Contact) => boolean): TreeNode[] => {
    const members = people.filter(belongs).map((contact): ContactNode => ({ kind: "contact", contact }));
    return members.length === 0 ? [] : [{ kind: "section", id, label, contacts: members }];
  };
  const top = [...problems, ...everyone.map((contact): ContactNode => ({ kind: "contact", contact }))];
  const blocked = section("blocked", "Blocked", (each) => each.blocked);
  if (state === "down") return [...top, ...section("people", "People", (each) => !each.blocked), ...blocked];
  return [
    ...top,
    ...section("online", "Online", (each) => !each.blocked && each.presence !== "offline"),
    ...section("offline", "Offline", (each) => !each.blocked && each.presence === "offline"),
    ...blocked,
  ];
}

/** Without the daemon nobody can say who is online; what was last heard is no longer true. */
export function isPresenceKnown(state: StandingState): boolean {
  return state !== "starting" && state !== "down";
}

/** "1 new message", "3 new messages". */
export function newMessages(count: number): string {
  return count === 1 ? "1 new message" : `${count} new messages`;
}

/** Over all conversations that are not muted. */
export function totalUnread(contacts: readonly Contact[]): number {
  return contacts.reduce((sum, each) => sum + (each.muted || each.blocked ? 0 : each.unread), 0);
}

/** The one to read next: the latest with something unread. */
export function latestUnread(contacts: readonly Contact[]): Contact | undefined {
  return contacts
    .filter((each) => each.unread > 0 && !each.muted && !each.blocked)
    .sort((a, b) => (b.lastAtMs ?? 0) - (a.lastAtMs ?? 0))[0];
}

export function contactRow(contact: Contact, presenceKnown = true): Row {
  const label = nameOf(contact);
  const presence = presenceWords(contact, presenceKnown);
  const unread = contact.unread === 0 ? undefined : `${contact.unread} new`;
  const muted = contact.muted ? "muted" : undefined;
  const words = contact.lastWords === undefined ? undefined : plainLine(contact.lastWords, 120);
  const status = contact.presenceText === undefined ? undefined : plainLine(contact.presenceText, 140);
  return {
    label,
    description: joined(" · ", unread, muted, words),
    tooltip: joined("\n", `${label} (${joined(", ", presence, muted)})`, status, words),
    accessibleLabel: joined(
      ", ",
      label,
      presence,
      contact.unread === 0 ? "" : newMessages(contact.unread),
      muted,
      words,
    ),
    contextValue: [
      isEveryone(contact) ? "everyone" : "person",
      contact.blocked ? "blocked" : "welcome",
      contact.muted ? "muted" : "audible",
    ].join("."),
  };
}

export function sectionRow(section: SectionNode): Row {
  const count = String(section.contacts.length);
  return {
    label: section.label,
    description: count,
    tooltip: `${section.label}: ${count}`,
    accessibleLabel: `${section.label}, ${count}`,
    contextValue: "section",
  };
}

const problemWords = {
  unreachable: { label: "Server unreachable", remedy: "Retry" },
  distrusted: { label: "Server with another key", remedy: "Compare keys" },
  down: { label: "Daemon unreachable", remedy: "Restart or show log" },
} as const;

export function problemRow({ state }: ProblemNode): Row {
  const { label, remedy } = problemWords[state];
  return {
    label,
    description: remedy,
    tooltip: `${label}. Click: ${remedy}`,
    accessibleLabel: `${label}, ${remedy}`,
    contextValue: "problem",
  };
}

export function nameOf(contact: Contact): string {
  return isEveryone(contact) ? everyoneName : plainLine(contact.name, 64);
}

export function isEveryone(contact: Contact): boolean {
  return contact.conversation === "everyone";
}

function presenceWords(contact: Contact, known: boolean): string {
  if (isEveryone(contact)) return "broadcasts to everyone online";
  if (contact.blocked) return "blocked";
  if (!known) return "presence unknown";
  switch (contact.presence) {
    case "available":
      return "online";
    case "away":
      return "away";
    case "dnd":
      return "do not disturb";
    case "offline":
      return "offline";
  }
}

function isSilent(contact: Contact): boolean {
  return contact.lastWords === undefined && contact.unread === 0;
}

function byName(a: Contact, b: Contact): number {
  return a.name.localeCompare(b.name, undefined, { sensitivity: "base", numeric: true });
}

function joined(separator: string, ...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(separator);
}
