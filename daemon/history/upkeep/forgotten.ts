// What was deleted here may be sent again by a server or a person, and must not come back as new [P-5.4]. Nothing of it is
// kept but half of a SHA-256 of its sender and id, of which neither can be read.

import { createHash } from "node:crypto";
import type { Statements } from "../statements.ts";

const originBytes = 16;

/** Inside a transaction. */
export function forget(statements: Statements, sender: string, mid: string): void {
  statements.of("INSERT OR IGNORE INTO forgotten (origin) VALUES (?)").run(originOf(sender, mid));
}

export function isForgotten(statements: Statements, sender: string, mid: string): boolean {
  return statements.of("SELECT 1 FROM forgotten WHERE origin = ?").get(originOf(sender, mid)) !== undefined;
}

function originOf(sender: string, mid: string): Buffer {
  return createHash("sha256").update(`${sender}\n${mid}`).digest().subarray(0, originBytes);
}
