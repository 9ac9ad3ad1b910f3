// What direct talk needs from the rest of the daemon, so that its parts can be driven by a test without sockets and disks.

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
  /** As spelled by whoever named them. */
  readonly name: UserName;
  readonly key: UserKey;
  readonly conversation: ConversationId;
}

/** What the server says about where somebody is [P-4.8]. */
export type AddressAnswer = Infer<typeof address.answer>;

export interface DirectDeps {
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly log: Log;
  /** The device's key. @throws a sentence where its file is damaged */
  identity(): Promise<TlsIdentity>;
  /** Who is signed in. */
  me(): Person | undefined;
  isBlocked(conversation: ConversationId): boolean;
  /** Whether this person has ever written to them. */
  hasWritten(conversation: ConversationId): boolean;
  /** Asks the server for an address; undefined where it cannot be reached. */
  askAddress(params: ParamsOf<typeof address>): Promise<ReadAnswer<AddressAnswer> | undefined>;
  occur(occurrence: CoreEvent): void;
  /** A message or signal of a person on their direct link; `from` is the name that belongs to their key. */
  pushed(push: Push, pin: Pin): void;
  /** Asks the server whether they are online. */
  lookUp(name: string): void;
  block(user: string): Promise<{ readonly ok: true } | Failure>;
  questionsChanged(questions: ConsentRequest[]): void;
  /** Something that a person has to know. */
  announce(text: string): void;
  /** Fulfilled when the server knows at which port and addresses this daemon listens now, or cannot be told. */
  reannounce(): Promise<void>;
}

/** Whether that is their name, in any spelling. */
export function isName(value: unknown, person: Person): boolean {
  return typeof value === "string" && keyOfName(value) === person.key;
}

/** @returns undefined where that can be no user's name */
export function personOf(raw: string): Person | undefined {
  const checked = checkName(raw.trim());
  if (!checked.ok) return undefined;
  return { name: checked.name, key: checked.key, conversation: conversationWith(checked.key) };
}
