// Direct talk between two daemons, as views see it: asking for it, a person's consent, and the keys. Sender: view,
// receiver: daemon, unless noted otherwise. Messages between the daemons are in `protocol/wire/direct.ts`.

import { array, boolean, integer, object, oneOf, optional, string } from "../validate.ts";
import type { Infer } from "../validate.ts";
import { list, time } from "../lenient.ts";
import { notification, request } from "./declare.ts";
import { pinField } from "./model.ts";

const user = string({ min: 1, max: 1_024 });
const ip = string({ min: 1, max: 64 });
const port = integer({ min: 0, max: 65_535 });

/**
 * A question for the person: may `user` learn this machine's address and talk to it directly? It expires as a no at
 * `expiresAtMs` (since 1970).
 */
export const question = object({
  id: string({ min: 1, max: 64 }),
  user: string({ min: 1, max: 256 }),
  /** The pin of the asking device; absent if it proved none. */
  key: optional(pinField),
  /** The address it asks from, if known. */
  ip: optional(ip),
  /** Whether the server vouches for the name. If not, any process on this machine may have asked. */
  vouched: boolean,
  /** Whether the contact is known with another key. */
  keyChanged: boolean,
  expiresAtMs: time,
  /** True for the one view that should ask the person; the others only list it. */
  ask: optional(boolean),
});
export type ConsentRequest = Infer<typeof question>;

/** `stop`: no, and never ask about that person again until this person wants to talk to them. */
export const questionAnswer = oneOf("once", "always", "deny", "stop", "block");
export type QuestionAnswer = Infer<typeof questionAnswer>;

/** Daemon to every view: all open questions, whenever they or the asking view change. */
export const questionsChanged = notification("chatRoom/questionsChanged", { questions: list(question) });

export const questions = request("chatRoom/questions", {}, { questions: list(question) });

/** From any view. Refused with `bad_request` if the question is no longer open. */
export const answerQuestion = request(
  "chatRoom/answerQuestion",
  { id: string({ max: 64 }), answer: questionAnswer },
  {},
);

/**
 * Asks that person, through the server, and opens a direct link. Answers once the link is up, or with the reason why there
 * is none; until then, and after a failure, messages go through the server. If there is a link already, it answers at once.
 */
export const connectDirectly = request("chatRoom/connectDirectly", { user }, { address: string({ max: 128 }) });

/** Ends the direct link. Messages go through the server. */
export const disconnectDirectly = request("chatRoom/disconnectDirectly", { user }, {});

/** Returns the address of that person's listener, which requires their consent [P-4.8]. */
export const peerAddress = request(
  "chatRoom/peerAddress",
  { user },
  { ip, port, key: optional(pinField), addresses: array(object({ ip, port }), { max: 64 }) },
);

/**
 * Returns the number that both people compare: 60 digits, the same on both sides. `bad_request` if their device is not
 * known yet. `changed`: another key than `key`, which was shown later.
 */
export const safetyNumber = request(
  "chatRoom/safetyNumber",
  { user },
  {
    digits: string({ min: 60, max: 60 }),
    key: pinField,
    ownKey: pinField,
    verified: boolean,
    changed: optional(pinField),
  },
);

/**
 * Records that the person has compared the number for that key, or takes it back. Refused if it is not the contact's key.
 */
export const verifyContact = request("chatRoom/verifyContact", { user, key: pinField, verified: boolean }, {});

/** Accepts a changed key as the contact's key. The contact is no longer verified. */
export const acceptKey = request("chatRoom/acceptKey", { user, key: pinField }, {});

/** Returns who may connect without asking, by device. */
export const consents = request(
  "chatRoom/consents",
  {},
  { consents: list(object({ user: string({ max: 256 }), key: pinField, sinceMs: time })) },
);

/** Revokes the consent: this person is asked about them again, and a direct link with them ends. */
export const revokeConsent = request("chatRoom/revokeConsent", { user }, {});

/**
 * `off`: no listener, everything is refused. `ask`: the person is asked. `contacts`: people this person has written to need
 * not ask.
 */
export const directMode = oneOf("off", "ask", "contacts");
export type DirectMode = Infer<typeof directMode>;

/**
 * Stored by the daemon and effective at once. Empty `interfaces` (names or addresses): all of them. Port 0: any free one.
 * Returns the port it listens on; absent until the first direct link is wanted, which opens it.
 */
export const setDirectMode = request(
  "chatRoom/setDirectMode",
  { mode: directMode, interfaces: array(string({ min: 1, max: 64 }), { max: 32 }), port },
  { listensAt: optional(port) },
);
