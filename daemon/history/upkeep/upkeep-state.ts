// What the file says about itself: whether it was closed well, and when it was last read as a whole to see that it is sound.

import { numberOf } from "../read-rows.ts";
import type { Statements } from "../statements.ts";

export interface FileState {
  /** Whoever had it open before closed it. */
  readonly clean: boolean;
  /** Milliseconds since 1970. */
  readonly checkedAtMs: number;
}

/** From now on it counts as not closed well, until it is. @returns how it was found */
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
