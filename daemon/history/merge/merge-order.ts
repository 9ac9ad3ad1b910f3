// Determines the order of messages when two histories of one conversation are merged. Each history keeps its own order.
// Messages in both align them; between two of these, the time of sending decides. Only numbers are held in memory.

import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { numberOf } from "../read-rows.ts";
import type { Row } from "../read-rows.ts";
import type { Statements } from "../statements.ts";

/** Up to where the conversation was read in each history, as positions before the merge. */
export interface ReadMarks {
  readonly main: number;
  readonly source: number;
}

/**
 * Assigns new positions to all messages of the conversation, in `temp.placed`. Both databases are attached, as `main` and
 * `source`.
 * @returns the new position up to which it is read; if in doubt, a message counts as unread
 */
export function placeMessages(statements: Statements, conversation: ConversationId, read: ReadMarks): number {
  statements.of("DELETE FROM temp.placed").run();
  const place = statements.of("INSERT INTO temp.placed (mine, id, seq) VALUES (?, ?, ?)");
  let seq = 0;
  let firstUnread: number | undefined;
  const put = (row: Row, mine: boolean, isRead: boolean): void => {
    seq += 1;
    place.run(Number(mine), row["id"] ?? null, seq);
    if (!isRead && row["own"] === 0n) firstUnread ??= seq;
  };
  const own = new Peekable(ownRows(statements).iterate(conversation));
  const putOwn = (row: Row): void => {
    const readThere = row["there"] !== null && numberOf(row, "there") <= read.source;
    put(row, true, numberOf(row, "seq") <= read.main || readThere);
    own.next();
  };
  for (const row of sourceRows(statements).iterate(conversation)) {
    if (row["here"] !== null) {
      // The same message in both: all of ours up to it comes first.
      for (let next = own.peek(); next && numberOf(next, "seq") <= numberOf(row, "here"); next = own.peek())
        putOwn(next);
    } else if (row["known"] === 0n) {
      const sentAtMs = numberOf(row, "sent_at_ms");
      const isBefore = (next: Row): boolean => next["there"] === null && numberOf(next, "sent_at_ms") <= sentAtMs;
      for (let next = own.peek(); next && isBefore(next); next = own.peek()) putOwn(next);
      put(row, false, numberOf(row, "seq") <= read.source);
    }
  }
  for (let next = own.peek(); next; next = own.peek()) putOwn(next);
  return firstUnread === undefined ? seq : firstUnread - 1;
}

/** Our rows. `there`: the position in the other history, if it has the message in this conversation. */
function ownRows(statements: Statements) {
  return statements.of(
    `SELECT id, seq, own, sent_at_ms, (SELECT other.seq FROM source.event AS other WHERE other.sender = event.sender
        AND other.mid = event.mid AND other.conversation = event.conversation AND other.seq > 0) AS there
      FROM main.event WHERE conversation = ? AND seq > 0 ORDER BY seq`,
  );
}

/** The other rows. `here`: the position in our history. `known`: our history has the message, in any conversation. */
function sourceRows(statements: Statements) {
  return statements.of(
    `SELECT id, seq, own, sent_at_ms,
        (SELECT other.seq FROM main.event AS other WHERE other.sender = event.sender AND other.mid = event.mid
          AND other.conversation = event.conversation AND other.seq > 0) AS here,
        EXISTS (SELECT 1 FROM main.event AS other
          WHERE other.sender = event.sender AND other.mid = event.mid) AS known
      FROM source.event WHERE conversation = ? AND seq > 0 ORDER BY seq`,
  );
}

class Peekable {
  readonly #rows: Iterator<Row, unknown>;
  #next: Row | undefined;

  constructor(rows: Iterable<Row>) {
    this.#rows = rows[Symbol.iterator]();
    this.next();
  }

  peek(): Row | undefined {
    return this.#next;
  }

  next(): void {
    const result = this.#rows.next();
    this.#next = result.done === true ? undefined : result.value;
  }
}
