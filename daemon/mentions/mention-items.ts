// What the editor shows about people who can be mentioned. Names and texts come from other people, so they are shown as
// plain text, one line each, without characters that move or hide text.

import { CompletionItemKind, MarkupKind } from "vscode-languageserver";
import type { CompletionItem, CompletionList, MarkupContent, Range } from "vscode-languageserver";
import { arrivalOf } from "../../protocol/api/model.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { withoutHidden } from "../../protocol/text/hidden-characters.ts";
import { checkName, keyOfName } from "../../protocol/names.ts";

export interface MentionSource {
  /** Presence is current, as reported by the server. */
  readonly connected: boolean;
  readonly contacts: readonly Contact[];
}

const maxItems = 100;
const maxWords = 200;

/** Returns contacts whose name starts with the typed text, the one with the latest message first. */
export function completionOf(people: MentionSource, typed: string, range: Range): CompletionList {
  const prefix = keyOfName(typed);
  const fitting = mentionable(people).filter(({ name }) => keyOfName(name).startsWith(prefix));
  fitting.sort((a, b) => arrivalOf(b) - arrivalOf(a) || (keyOfName(a.name) < keyOfName(b.name) ? -1 : 1));
  const items = fitting.slice(0, maxItems).map((contact, index): CompletionItem => {
    const { name } = contact;
    return {
      label: name,
      kind: CompletionItemKind.Reference,
      detail: presenceWords(people, contact),
      sortText: String(index).padStart(4, "0"),
      filterText: name,
      textEdit: { range, newText: name },
    };
  });
  return { isIncomplete: fitting.length > items.length, items };
}

export function contactsByKey(people: MentionSource): ReadonlyMap<string, Contact> {
  return new Map(mentionable(people).map((contact) => [keyOfName(contact.name), contact]));
}

export function hoverOf(people: MentionSource, contact: Contact): MarkupContent {
  const { name, presenceText, lastWords } = contact;
  const lines = [`${name}: ${presenceWords(people, contact)}`];
  if (people.connected && presenceText !== undefined && presenceText !== "") lines.push(plainLine(presenceText));
  if (lastWords !== undefined && lastWords !== "") lines.push(`Last words: ${plainLine(lastWords)}`);
  return { kind: MarkupKind.PlainText, value: lines.join("\n") };
}

/** Excludes everyone, blocked contacts, and names that our server would not accept. */
function mentionable({ contacts }: MentionSource): Contact[] {
  return contacts.filter(({ name, blocked }) => !blocked && name !== "" && isPlainName(name));
}

function isPlainName(name: string): boolean {
  const check = checkName(name);
  return check.ok && check.name === name;
}

function presenceWords({ connected }: MentionSource, { presence, route }: Contact): string {
  if (!connected && route?.kind !== "direct") return "presence unknown";
  switch (presence) {
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

function plainLine(text: string): string {
  const line = withoutHidden(text, " ").replace(/\s+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length <= maxWords ? line : `${characters.slice(0, maxWords - 1).join("")}…`;
}
