// An operation on its way through the host.

import { operationKinds } from "../operations.ts";
import type { Operation } from "../operations.ts";

export interface Job {
  /** Names who waits for the result; 0: nobody. */
  readonly id: number;
  readonly operation: Operation;
  /** When it came, on the monotonic clock. */
  readonly sinceMs: number;
}

export function isLazy({ operation }: Job): boolean {
  return operationKinds[operation[0]] === "lazy";
}

export function isRead({ operation }: Job): boolean {
  return operationKinds[operation[0]] === "read";
}
