// What the file records about itself: whether it was closed properly, and when it was last checked as a whole.

import { numberOf } from "../read-rows.ts";
import type { Statements } from "../statements.ts";

export interface FileState {
  /** The previous program that had it open closed it properly. */
  readonly clean: boolean;
  /** Milliseconds since 1970. */
  readonly checkedAtMs: number;
}

/** Marks the file as not closed properly, until it is. @returns its state before */
export function takeFile(statements: Statements): FileState {
  const row = statements.of("SELECT clean, checked_at_ms FROM upkeep").get();
  const found = { clean: numberOf(row, "clean") === 1, checkedAtMs: numberOf(row, "checked_at_ms") };
  if (found.clean) statements.of("UPDATE upkeep SET clean = 0").run();
  return found;
}

export function leaveFile(statements: Statements): void {
  statements.of("UPDATE upkeep SET clean = 1").run();
}

export function noteChecked(statements: Statements, nowMs: number): void {
  statements.of("UPDATE upkeep SET checked_at_ms = ?").run(nowMs);
}
