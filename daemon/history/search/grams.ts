// What of a text is in the index: every three letters in a row, and how each word or part of a name begins; in scripts
// without spaces every letter and every two; and each emoji, flag and sign. With the conversation that it is in. The index
// says which messages may hold what is searched for; whether they do is read from their texts (protocol/search/query.ts).

import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { shortestInside } from "../../../protocol/search/query.ts";
import type { Phrase, Term } from "../../../protocol/search/query.ts";
import { runsOf } from "../../../protocol/search/runs.ts";

/** Stand before what is no letter in a row; no text has them, for they are no characters. */
const beginning = "\ufdd0";
const within = "\ufdd1";
/** Of a long query: more narrow down nothing. */
const maxLookedFor = 24;

/** As it goes into the index, and has to be said again to take it out. */
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

/** What every message that holds these has in the index, in the index's language. */
export function matchOf(phrases: readonly Phrase[], conversation: ConversationId | undefined): string {
  const grams = new Set(
    phrases.flatMap(([first, ...rest]) => [...gramsOfFirst(first, rest), ...rest.flatMap(gramsOfTerm)]),
  );
  const few = everyNth([...grams], maxLookedFor);
  if (conversation !== undefined) few.unshift(conversationGram(conversation));
  return few.map((gram) => `"${gram.toWellFormed().replaceAll('"', "")}"`).join(" ");
}

/** One that others follow may be the end of a word, however short it is. */
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

/** Its letters in a form that the index takes for one word. */
function conversationGram(conversation: ConversationId): string {
  return within + Buffer.from(conversation.toWellFormed(), "utf8").toString("hex");
}

function everyNth(all: readonly string[], most: number): string[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] ?? "");
}
