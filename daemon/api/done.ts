// Converts a command's outcome into the answer of a request that has no result of its own.

import type { Failure } from "../../protocol/errors.ts";
import type { CommandOutcome } from "../core/effects.ts";

export function done(outcome: CommandOutcome): { readonly ok: true } | Failure {
  return outcome.ok ? { ok: true } : outcome;
}
