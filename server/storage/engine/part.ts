// What the parts of the engine have in common: a database that one transaction at a time writes to, and notes that are only
// good once that is committed.

import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../core/ports.ts";
import type { AuditEntry } from "../operations.ts";
import type { RunningTime } from "../running-time.ts";

export interface EngineParts {
  readonly database: DatabaseSync;
  readonly clock: Clock;
  readonly time: RunningTime;
  readonly notes: Notes;
}

/** What one transaction did besides its results; given out after it was committed, forgotten if it was not. */
export class Notes {
  /** Accounts whose mailbox changed. */
  readonly mailboxes = new Set<number>();
  /** Accounts that have a new outcome. */
  readonly outcomes = new Set<number>();
  readonly endedTokens: string[] = [];
  readonly audit: AuditEntry[] = [];
  /** How many entries of each kind were too old. */
  readonly expired = new Map<string, number>();

  clear(): void {
    this.mailboxes.clear();
    this.outcomes.clear();
    this.expired.clear();
    this.endedTokens.length = this.audit.length = 0;
  }
}
