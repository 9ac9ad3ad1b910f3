// The fragments (grams) of a text in the index: every three consecutive letters, and the first letters of each word or part
// of a name; in scripts without spaces every letter and every pair; and each emoji, flag and symbol. The message's
// conversation is added. The index finds candidates for a search; whether they match is decided by their texts
// (protocol/search/query.ts).

import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { shortestInside } from "../../../protocol/search/query.ts";
import type { Phrase, Term } from "../../../protocol/search/query.ts";
import { runsOf } from "../../../protocol/search/runs.ts";

/** Prefixes of grams that are not consecutive letters; no text contains them, because they are not characters. */
const beginning = "\ufdd0";
const within = "\ufdd1";
/** Limit for a long query: more grams hardly reduce the candidates. */
const maxLookedFor = 24;

/** Returns the grams of a message for the index; the same value is needed to remove it. */
export function gramsOf(conversation: ConversationId, text: string): string {
  const grams = new Set([conversationGram(conversation)]);
  for (const { kind, text: letters, parts } of runsOf(text)) {
    if (kind === "symbol") grams.add(letters);
    else if (kind === "unspaced") {
      for (let at = 0; at < letters.length; at += 1) {
        grams.add(letters.charAt(at));
        if (at + 2 <= letters.length) grams.add(letters.slice(at, at + 2));
      }
    } else {
      for (let at = 0; at + shortestInside <= letters.length; at += 1)
        grams.add(letters.slice(at, at + shortestInside));
      for (const part of parts) {
        grams.add(beginning + letters.charAt(part));
        if (part + 2 <= letters.length) grams.add(beginning + letters.slice(part, part + 2));
      }
    }
  }
  return [...grams].join(" ").toWellFormed();
}

/** Returns the query, in the language of the index, for the messages that contain these phrases. */
export function matchOf(phrases: readonly Phrase[], conversation: ConversationId | undefined): string {
  const grams = new Set(
    phrases.flatMap(([first, ...rest]) => [...gramsOfFirst(first, rest), ...rest.flatMap(gramsOfTerm)]),
  );
  const few = everyNth([...grams], maxLookedFor);
  if (conversation !== undefined) few.unshift(conversationGram(conversation));
  return few.map((gram) => `"${gram.toWellFormed().replaceAll('"', "")}"`).join(" ");
}

/** A first term that is followed by others may be the end of a word, so a short one has no grams. */
function gramsOfFirst(first: Term, rest: readonly Term[]): string[] {
  const isEnd = rest.length > 0 && first.kind === "words" && first.text.length < shortestInside;
  return isEnd ? [] : gramsOfTerm(first);
}

function gramsOfTerm({ kind, text }: Term): string[] {
  if (kind === "symbol") return [text];
  const length = kind === "unspaced" ? 2 : shortestInside;
  if (text.length < length) return [kind === "unspaced" ? text : beginning + text];
  return Array.from({ length: text.length - length + 1 }, (_, at) => text.slice(at, at + length));
}

/** Encodes the conversation's id in letters that the index treats as one word. */
function conversationGram(conversation: ConversationId): string {
  return within + Buffer.from(conversation.toWellFormed(), "utf8").toString("hex");
}

function everyNth(all: readonly string[], most: number): string[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] ?? "");
}
