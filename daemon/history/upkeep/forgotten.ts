// Remembers deleted events: a server or a person may send one again, and it must not appear as new [P-5.4]. Only half of a
// SHA-256 of its sender and id is kept, from which neither can be read.

import { createHash } from "node:crypto";
import type { Statements } from "../statements.ts";

const originBytes = 16;

/** Remembers a deleted event. Must run inside a transaction. */
export function forget(statements: Statements, sender: string, mid: string): void {
  statements.of("INSERT OR IGNORE INTO forgotten (origin) VALUES (?)").run(originOf(sender, mid));
}

export function isForgotten(statements: Statements, sender: string, mid: string): boolean {
  return statements.of("SELECT 1 FROM forgotten WHERE origin = ?").get(originOf(sender, mid)) !== undefined;
}

function originOf(sender: string, mid: string): Buffer {
  return createHash("sha256").update(`${sender}\n${mid}`).digest().subarray(0, originBytes);
}
