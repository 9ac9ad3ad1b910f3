// Counts the messages of others after a position, from the counts per block that the triggers of the schema maintain: as
// fast for a million messages as for ten.

import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { numberOf } from "./read-rows.ts";
import type { Statements } from "./statements.ts";

/** Positions per block; the schema has the same number. */
const blockSize = 1_024;

/** Counts messages without deleted ones. */
export function countReceivedAfter(statements: Statements, conversation: ConversationId, seq: number): number {
  const block = Math.floor(seq / blockSize);
  const inBlock = statements
    .of(
      `SELECT count(*) AS count FROM event
        WHERE own = 0 AND deleted = 0 AND conversation = ? AND seq > ? AND seq < ?`,
    )
    .get(conversation, seq, (block + 1) * blockSize);
  const behind = statements
    .of("SELECT sum(count) AS count FROM received_count WHERE conversation = ? AND block > ?")
    .get(conversation, block);
  return numberOf(inBlock, "count") + numberOf(behind, "count");
}
