// The texts of one row of the Contacts tree, for the screen and for screen readers. Plain text only, nothing that VS Code
// would interpret, because names and messages come from other people.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { ConsentRequest } from "../../protocol/api/direct.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { reasonWords, t } from "../ui/l10n.ts";
import { wordsOfLine } from "../markdown/plain.ts";
import { plainLine } from "../ui/plain-text.ts";
import { nameOf, newMessages } from "./contact-queries.ts";
import type { ProblemNode, SectionNode } from "./contact-tree.ts";

/** Every text is one plain line; the tooltip may have several. */
export interface Row {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly accessibleLabel: string;
  /** Selects the context menu: see `contributes.menus`. */
  readonly contextValue: string;
}

export interface RowOptions {
  readonly presenceKnown?: boolean;
  /** When the last message arrived, in short form. */
  readonly when?: string;
}

export function contactRow(contact: Contact, { presenceKnown = true, when }: RowOptions = {}): Row {
  const label = nameOf(contact);
  const presence = presenceText(contact, presenceKnown);
  const muted = contact.muted ? t("muted") : undefined;
  const words = lastMessageText(contact);
  const status = contact.presenceText === undefined ? undefined : plainLine(contact.presenceText, 140);
  const unread = contact.unread === 0 ? undefined : newMessages(contact.unread);
  return {
    label,
    description: joined(
      " · ",
      contact.unread === 0 ? undefined : t("{0} new", contact.unread),
      keyMark(contact),
      contact.route?.kind === "direct" ? t("direct") : undefined,
      muted,
      status === undefined ? undefined : plainLine(status, 40),
      when,
      words,
    ),
    tooltip: joined(
      "\n",
      `${label} (${joined(", ", presence, muted)})`,
      status,
      routeText(contact),
      keyText(contact),
      words,
    ),
    accessibleLabel: joined(
      ", ",
      label,
      presence,
      contact.key?.changed === undefined ? undefined : keyText(contact),
      unread,
      muted,
      status,
      contact.route?.kind === "direct" ? t("talking directly") : undefined,
      contact.key?.verified === true ? t("verified") : undefined,
      when,
      words,
    ),
    contextValue: joined(
      ".",
      isEveryone(contact.conversation) ? "everyone" : "person",
      contact.blocked ? "blocked" : "welcome",
      contact.muted ? "muted" : "audible",
      contact.unread > 0 ? "unread" : undefined,
      contact.presence === "offline" ? "absent" : "present",
      contact.route?.kind === "direct" ? "direct" : "relayed",
      contact.key?.changed === undefined ? undefined : "changed",
    ),
  };
}

function lastMessageText({ lastWords, lastOwn, lastReaction }: Contact): string | undefined {
  if (lastReaction) return t("{0} reacted {1}", plainLine(lastReaction.from, 64), plainLine(lastReaction.emoji, 32));
  if (lastWords === undefined) return undefined;
  const words = plainLine(wordsOfLine(lastWords), 120);
  return lastOwn === true ? t("You: {0}", words) : words;
}

export function sectionRow(section: SectionNode): Row {
  const label = sectionLabel(section.id);
  const count = String(section.contacts.length);
  return {
    label,
    description: count,
    tooltip: `${label}: ${count}`,
    accessibleLabel: `${label}, ${count}`,
    contextValue: "section",
  };
}

/** @param why the full reason */
export function problemRow({ state }: ProblemNode, why: string): Row {
  const { label, remedy } = problemTexts(state);
  return {
    label,
    description: remedy,
    tooltip: `${why}\n${t("Click: {0}", remedy)}`,
    accessibleLabel: `${label}, ${remedy}. ${why}`,
    contextValue: "problem",
  };
}

export function questionRow(question: ConsentRequest): Row {
  const label = t("{0} wants to talk directly", plainLine(question.user, 64));
  const description = t("Answer");
  return {
    label,
    description,
    tooltip: `${label}\n${t("Click: {0}", description)}`,
    accessibleLabel: `${label}, ${description}`,
    contextValue: "question",
  };
}

function sectionLabel(id: SectionNode["id"]): string {
  switch (id) {
    case "online":
      return t("Online");
    case "offline":
      return t("Offline");
    case "people":
      return t("People");
    case "blocked":
      return t("Blocked");
  }
}

function problemTexts(state: ProblemNode["state"]): { label: string; remedy: string } {
  switch (state) {
    case "unreachable":
      return { label: t("Server unreachable"), remedy: t("Retry") };
    case "distrusted":
      return { label: t("Server with another key"), remedy: t("Compare keys") };
    case "down":
      return { label: t("Daemon unreachable"), remedy: t("Restart or show log") };
  }
}

function presenceText(contact: Contact, known: boolean): string {
  if (isEveryone(contact.conversation)) return t("broadcasts to everyone online");
  if (contact.blocked) return t("blocked");
  if (!known) return t("presence unknown");
  switch (contact.presence) {
    case "available":
      return t("online");
    case "away":
      return t("away");
    case "dnd":
      return t("do not disturb");
    case "offline":
      return t("offline");
  }
}

function keyMark(contact: Contact): string | undefined {
  if (contact.key?.changed !== undefined) return t("key changed");
  return contact.key?.verified === true ? "✓" : undefined;
}

function keyText(contact: Contact): string | undefined {
  if (contact.key?.changed !== undefined) {
    return t("Their device shows another key than before: verify it before you talk directly.");
  }
  return contact.key?.verified === true ? t("Verified: you compared the safety number.") : undefined;
}

function routeText(contact: Contact): string | undefined {
  switch (contact.route?.kind) {
    case "direct":
      return t("Direct, to {0}", plainLine(contact.route.address, 128));
    case "connecting":
      return t("Connecting directly…");
    case "server":
      return t("Via server: {0}", plainLine(reasonWords(contact.route.why), 300));
    case undefined:
      return undefined;
  }
}

function joined(separator: string, ...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(separator);
}
