// What direct talk needs from the rest of the daemon, so that tests can drive its parts without sockets or disks.

import { conversationWith } from "../../protocol/conversations/conversation-id.ts";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { ConsentRequest } from "../../protocol/api/direct.ts";
import type { UserKey, UserName } from "../../protocol/ids.ts";
import type { ParamsOf } from "../../protocol/wire/declare.ts";
import type { address } from "../../protocol/wire/direct.ts";
import type { ReadAnswer } from "../../protocol/wire/envelope.ts";
import { checkName, keyOfName } from "../../protocol/names.ts";
import type { Pin } from "../../protocol/pin.ts";
import type { Infer } from "../../protocol/validate.ts";
import type { CoreEvent } from "../core/inputs.ts";
import type { Push } from "../connection/line-client.ts";
import type { Pulse } from "../lifetime/pulse.ts";

export interface Person {
  /** Spelled as in the place the name came from. */
  readonly name: UserName;
  readonly key: UserKey;
  readonly conversation: ConversationId;
}

/** What the server answers about where somebody is [P-4.8]. */
export type AddressAnswer = Infer<typeof address.answer>;

export interface DirectDeps {
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly log: Log;
  /** Returns the device's TLS identity. @throws an error with a sentence if its file is damaged */
  identity(): Promise<TlsIdentity>;
  /** The person who is signed in. */
  me(): Person | undefined;
  isBlocked(conversation: ConversationId): boolean;
  /** Whether this person has ever written to them. */
  hasWritten(conversation: ConversationId): boolean;
  /** Asks the server for an address; undefined if the server cannot be reached. */
  askAddress(params: ParamsOf<typeof address>): Promise<ReadAnswer<AddressAnswer> | undefined>;
  occur(occurrence: CoreEvent): void;
  /** A message or signal of a person on their direct link; `from` is the name that belongs to their key. */
  pushed(push: Push, pin: Pin): void;
  /** Asks the server whether they are online. */
  lookUp(name: string): void;
  block(user: string): Promise<{ readonly ok: true } | Failure>;
  questionsChanged(questions: ConsentRequest[]): void;
  /** Tells the person something they have to know. */
  announce(text: string): void;
  /** Resolves once the server knows at which port and addresses this daemon listens, or once it cannot be reached. */
  reannounce(): Promise<void>;
}

/** Whether the value is their name, in any spelling. */
export function isName(value: unknown, person: Person): boolean {
  return typeof value === "string" && keyOfName(value) === person.key;
}

/** Returns the person of that name; undefined if it cannot be a user name. */
export function personOf(raw: string): Person | undefined {
  const checked = checkName(raw.trim());
  if (!checked.ok) return undefined;
  return { name: checked.name, key: checked.key, conversation: conversationWith(checked.key) };
}
