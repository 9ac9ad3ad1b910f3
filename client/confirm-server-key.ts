// Checks that a server is the intended one before anything is sent to it. The daemon checks its key. A person confirms a key
// that is seen for the first time; a key other than the expected one is never accepted here.

import type { Outcome, ResultOf } from "../protocol/api/declare.ts";
import { inspectServer } from "../protocol/api/session.ts";
import type { Failure } from "../protocol/errors.ts";
import type { DaemonRequests } from "./daemon.ts";

export type ServerKey = ResultOf<typeof inspectServer>;

export interface KeyQuestions {
  /** Called if the server is new. @returns the refusal if the person does not trust it */
  metFirst(seen: ServerKey): Promise<Failure | undefined>;
  /** Called if the server has another key than before, or than its address names. */
  otherKey(seen: ServerKey, expected: string): Failure;
  /** Called if there is no key to check: the server cannot be reached, or its address is malformed. */
  unseen?(refused: Failure): void;
}

export interface ConfirmedServer {
  /** The canonical spelling of its address. */
  readonly server: string;
  readonly pin: string;
}

/**
 * @param pin given in addition to the address
 * @returns the server and its key, already trusted or confirmed by the person; a refusal if it is neither
 */
export async function confirmServerKey(
  daemon: DaemonRequests,
  server: string,
  pin: string | undefined,
  questions: KeyQuestions,
): Promise<Outcome<ConfirmedServer>> {
  const seen = await daemon.request(inspectServer, { server, ...(pin !== undefined && { pin }) });
  if (!seen.ok) {
    questions.unseen?.(seen);
    return seen;
  }
  const confirmed = { ok: true, server: seen.server, pin: seen.pin } as const;
  if (seen.trust === "trusted") return confirmed;
  if (seen.expected !== undefined) return questions.otherKey(seen, seen.expected);
  return (await questions.metFirst(seen)) ?? confirmed;
}
