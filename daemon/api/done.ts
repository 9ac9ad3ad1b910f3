// A command's outcome as the answer of a request that adds nothing to it.

import type { Failure } from "../../protocol/errors.ts";
import type { CommandOutcome } from "../core/effects.ts";

export function done(outcome: CommandOutcome): { readonly ok: true } | Failure {
  return outcome.ok ? { ok: true } : outcome;
}
