// What the parts of the engine share: a database that one transaction at a time writes to, and notes that are valid only
// once that transaction is committed.

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

/** What one transaction did besides its results; published after the commit, dropped if it failed. */
export class Notes {
  /** Accounts whose mailbox changed. */
  readonly mailboxes = new Set<number>();
  /** Accounts with a new outcome. */
  readonly outcomes = new Set<number>();
  readonly endedTokens: string[] = [];
  readonly audit: AuditEntry[] = [];
  /** How many entries of each kind have expired. */
  readonly expired = new Map<string, number>();

  clear(): void {
    this.mailboxes.clear();
    this.outcomes.clear();
    this.expired.clear();
    this.endedTokens.length = this.audit.length = 0;
  }
}
