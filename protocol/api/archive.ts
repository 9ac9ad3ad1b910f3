// Taking a person's history to another place, and bringing it in. Sender: view, receiver: daemon. Lines are those of
// `archive-lines.ts`. In a file of its own, because the editor asks for none of it.

import { array, boolean, integer, optional, string } from "../validate.ts";
import { request } from "./declare.ts";
import { conversationField } from "../conversations/conversation-id.ts";
import { maxArchiveLineLength } from "./archive-lines.ts";

/** A part of the lines of an export, of one conversation or of all; `next` is the `after` of the next part. */
export const exportHistory = request(
  "chatRoom/exportHistory",
  { conversation: optional(conversationField), after: optional(string({ max: 128 })) },
  { lines: array(string()), next: optional(string({ max: 128 })) },
);

const id = string({ min: 1, max: 64 });

/**
 * Begins to bring a file in; `header` is its first line. Refused if it is another account's, unless `adopt` says that it is
 * to be this one's. Nothing is changed before `importEnd`.
 */
export const importStart = request(
  "chatRoom/importStart",
  { header: string({ max: maxArchiveLineLength }), adopt: boolean },
  { id },
);

/** The next lines. One that is wrong ends the import, with its reason. */
export const importLines = request(
  "chatRoom/importLines",
  { id, lines: array(string({ max: maxArchiveLineLength }), { max: 10_000 }) },
  {},
);

/** Everything has been said: it is merged into the history. Answers how much was new. */
export const importEnd = request(
  "chatRoom/importEnd",
  { id },
  { messages: integer({ min: 0 }), acts: integer({ min: 0 }) },
);
