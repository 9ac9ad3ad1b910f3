// Makes a history of any length, as a version before would have left it: 200 people and everyone, half of the messages to
// everyone, a third one's own, all of it unread.

import { openDatabase } from "../../base/sqlite.ts";
import { historyMigrations } from "../../daemon/history/schema.ts";

const people = 200;
/** Before there were this index and the counts of what is unread. */
const versionBefore = 2;
const vocabulary = (
  "the a server pool queue lock message test build deploy review merge branch commit patch kernel driver socket thread " +
  "cache index query plan table row column page node leaf root graph tree list map set key value token parser lexer scope " +
  "frame stack heap alloc free copy move borrow own life time clock timer event loop poll select wait signal"
).split(" ");
const messagesPerCommit = 50_000;

/** @param owner whose it is */
export function fill(path: string, messages: number, owner: string): void {
  const database = openDatabase(path, historyMigrations.slice(0, versionBefore));
  database.exec("PRAGMA synchronous = OFF; BEGIN");
  const contact = database.prepare("INSERT INTO conversation VALUES (?, ?, 0, 0, 0, 0)");
  contact.run("everyone", "");
  for (let person = 0; person < people; person += 1) contact.run(`user:p${person}`, `p${person}`);
  const message = database.prepare(
    `INSERT INTO message (conversation, seq, mid, author, own, text, sent_at_ms, state, sender)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const words = database.prepare("INSERT INTO message_words (rowid, words) VALUES (?, ?)");
  const seqs = new Map<string, number>();
  const random = createRandom();
  for (let at = 0; at < messages; at += 1) {
    const toAll = random() < 0.5;
    const who = `p${Math.floor(random() * people)}`;
    const conversation = toAll ? "everyone" : `user:${who}`;
    const own = random() < 0.3;
    const [author, state] = own ? [owner, "read"] : [who, "received"];
    const seq = (seqs.get(conversation) ?? 0) + 1;
    seqs.set(conversation, seq);
    const text = textOf(at, random);
    const added = message.run(
      conversation,
      seq,
      `m${at}`,
      author,
      Number(own),
      text,
      1.7e12 + at * 1_000,
      state,
      author,
    );
    words.run(added.lastInsertRowid, text);
    if (at % messagesPerCommit === messagesPerCommit - 1) database.exec("COMMIT; BEGIN");
  }
  database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

function textOf(at: number, random: () => number): string {
  const words = Array.from({ length: 5 + Math.floor(random() * 25) }, () => {
    return vocabulary[Math.floor(random() * vocabulary.length)] ?? "";
  });
  return `${words.join(" ")} ${at}${at % 50 === 0 ? " 今天天气很好" : ""}`;
}

/** The same numbers each time. */
function createRandom(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}
