// What was done to messages [P-4.15], remembered for ever by its sender and id, so that nothing is done twice [P-5.4].

import { keyOfName } from "../../protocol/names.ts";
import type { UserKey } from "../../protocol/ids.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { actKinds, actStates, noSeq } from "../core/acts.ts";
import type { Act, ActKind, ActState } from "../core/acts.ts";
import type { OutboxEntry } from "../core/outbox.ts";
import { numberOf, readConversation, textOf } from "./read-rows.ts";
import type { Row } from "./read-rows.ts";
import type { Statements } from "./statements.ts";

const select = "SELECT sender, mid, author, conversation, kind, target, emoji, sent_at_ms, state FROM act";

export class ActStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  add({ conversation, mid, from, kind, target, emoji, sentAtMs, state }: Act): void {
    this.#statements
      .of(
        `INSERT INTO act (sender, mid, author, conversation, kind, target, emoji, sent_at_ms, state)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(keyOfName(from), mid, from, conversation, kind, target, emoji, sentAtMs, state);
  }

  changeState({ from, mid, state }: { from: string; mid: string; state: ActState }): void {
    this.#statements.of("UPDATE act SET state = ? WHERE sender = ? AND mid = ?").run(state, keyOfName(from), mid);
  }

  isKnown(sender: UserKey, mid: string): boolean {
    return this.#statements.of("SELECT 1 FROM act WHERE sender = ? AND mid = ?").get(sender, mid) !== undefined;
  }

  of(sender: UserKey, mid: string): Act | undefined {
    const row = this.#statements.of(`${select} WHERE sender = ? AND mid = ?`).get(sender, mid);
    return row && actOfRow(row);
  }

  pending(conversation: ConversationId, target: string): Act[] {
    return this.#statements
      .of(`${select} WHERE conversation = ? AND target = ? AND state = 'pending' ORDER BY position`)
      .all(conversation, target)
      .flatMap((row) => actOfRow(row) ?? []);
  }

  beside({ from, conversation, target, emoji, mid }: Act): ActKind | undefined {
    const row = this.#statements
      .of(
        `${select} WHERE sender = ? AND conversation = ? AND target = ? AND emoji = ? AND mid <> ?
          AND state IN ('sending', 'queued', 'sent') ORDER BY position DESC LIMIT 1`,
      )
      .get(keyOfName(from), conversation, target, emoji, mid);
    return row && actOfRow(row)?.kind;
  }

  /** Own ones that wait at the server: the newest of them, in their order. */
  queued(conversation: ConversationId, limit: number): OutboxEntry[] {
    return this.#statements
      .of("SELECT mid FROM act WHERE conversation = ? AND state = 'queued' ORDER BY position DESC LIMIT ?")
      .all(conversation, limit)
      .map((row) => ({ seq: noSeq, mid: textOf(row, "mid") }))
      .reverse();
  }
}

/** @returns undefined for one of a kind that only a newer version knows: it does nothing here */
function actOfRow(row: Row): Act | undefined {
  const kind = actKinds.find((each) => each === row["kind"]);
  const state = actStates.find((each) => each === row["state"]);
  const conversation = readConversation(row, "conversation");
  if (!kind || !state || !conversation) return undefined;
  return {
    conversation,
    mid: textOf(row, "mid"),
    from: textOf(row, "author"),
    ...{ kind, state, target: textOf(row, "target"), emoji: textOf(row, "emoji") },
    sentAtMs: numberOf(row, "sent_at_ms"),
  };
}
