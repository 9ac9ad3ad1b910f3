// Whether a server is the one that is meant, asked before anything is sent to it. The daemon judges its key; one that is met
// for the first time is compared by a person, another one than expected is never accepted here.

import type { Outcome, ResultOf } from "../protocol/api/declare.ts";
import { inspectServer } from "../protocol/api/session.ts";
import type { Failure } from "../protocol/errors.ts";
import type { DaemonRequests } from "./daemon.ts";

export type ServerKey = ResultOf<typeof inspectServer>;

export interface KeyQuestions {
  /** Nobody met the server before. @returns why not, where the person does not trust it */
  metFirst(seen: ServerKey): Promise<Failure | undefined>;
  /** It shows another key than before, or than its address names. */
  otherKey(seen: ServerKey, expected: string): Failure;
  /** The daemon has no key to judge: the server cannot be reached, or its address is none. */
  unseen?(refused: Failure): void;
}

export interface ConfirmedServer {
  /** The one spelling of its address. */
  readonly server: string;
  readonly pin: string;
}

/**
 * @param pin named beside the address
 * @returns the server and its key, right already or confirmed by the person; a refusal where it is neither
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
