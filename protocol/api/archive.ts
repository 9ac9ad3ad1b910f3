// Export and import of a person's history. Sender: view, receiver: daemon. The lines are those of `archive-lines.ts`. A
// separate file, because the editor does not use it.

import { array, boolean, integer, optional, string } from "../validate.ts";
import { request } from "./declare.ts";
import { conversationField } from "../conversations/conversation-id.ts";
import { maxArchiveLineLength } from "./archive-lines.ts";

/** Returns a part of the lines of an export, of one conversation or of all; `next` is the `after` of the next part. */
export const exportHistory = request(
  "chatRoom/exportHistory",
  { conversation: optional(conversationField), after: optional(string({ max: 128 })) },
  { lines: array(string()), next: optional(string({ max: 128 })) },
);

const id = string({ min: 1, max: 64 });

/**
 * Starts an import; `header` is the first line of the file. A file of another account is refused, unless `adopt` says that
 * it becomes this account's. Nothing is changed before `importEnd`.
 */
export const importStart = request(
  "chatRoom/importStart",
  { header: string({ max: maxArchiveLineLength }), adopt: boolean },
  { id },
);

/** Sends the next lines. An invalid one ends the import, with the reason. */
export const importLines = request(
  "chatRoom/importLines",
  { id, lines: array(string({ max: maxArchiveLineLength }), { max: 10_000 }) },
  {},
);

/** Ends the import: the lines are merged into the history. Returns how many events were new. */
export const importEnd = request(
  "chatRoom/importEnd",
  { id },
  { messages: integer({ min: 0 }), acts: integer({ min: 0 }) },
);
