// An operation on its way through the host.

import { operationKinds } from "../operations.ts";
import type { Operation } from "../operations.ts";

export interface Job {
  /** Identifies the caller that waits for the result; 0: none. */
  readonly id: number;
  readonly operation: Operation;
  /** When it arrived, on the monotonic clock. */
  readonly sinceMs: number;
}

export function isLazy({ operation }: Job): boolean {
  return operationKinds[operation[0]] === "lazy";
}

export function isRead({ operation }: Job): boolean {
  return operationKinds[operation[0]] === "read";
}
