// Direct talk between two daemons, as views see it: asking for it, a person's word on it, and the keys behind it. Sender:
// view, receiver: daemon, unless said otherwise. What goes between the daemons is in `protocol/wire/direct.ts`.

import { array, boolean, integer, object, oneOf, optional, string } from "../validate.ts";
import type { Infer } from "../validate.ts";
import { list, time } from "../lenient.ts";
import { notification, request } from "./declare.ts";
import { pinField } from "./model.ts";

const user = string({ min: 1, max: 1_024 });
const ip = string({ min: 1, max: 64 });
const port = integer({ min: 0, max: 65_535 });

/**
 * A person is asked: may `user` learn this machine's address and talk to it directly? Gone, as a no, at `expiresAtMs`
 * (since 1970).
 */
export const question = object({
  id: string({ min: 1, max: 64 }),
  user: string({ min: 1, max: 256 }),
  /** The pin of the asking device; absent where it proved none. */
  key: optional(pinField),
  /** The address it asks from, where that is known. */
  ip: optional(ip),
  /** The server vouches for the name. Without that anybody on this machine may have asked. */
  vouched: boolean,
  /** The contact is known with another key. */
  keyChanged: boolean,
  expiresAtMs: time,
  /** The view that is told so shows it to the person by itself; the others only list it. */
  ask: optional(boolean),
});
export type ConsentRequest = Infer<typeof question>;

/** `stop`: no, and that person is never asked about again, until this one wants to talk to them. */
export const questionAnswer = oneOf("once", "always", "deny", "stop", "block");
export type QuestionAnswer = Infer<typeof questionAnswer>;

/** All that wait for a person's word; sent by the daemon to every view whenever that changes, or who asks does. */
export const questionsChanged = notification("chatRoom/questionsChanged", { questions: list(question) });

export const questions = request("chatRoom/questions", {}, { questions: list(question) });

/** From any view; a question that is gone is refused with `bad_request`. */
export const answerQuestion = request(
  "chatRoom/answerQuestion",
  { id: string({ max: 64 }), answer: questionAnswer },
  {},
);

/**
 * Asks that person, through the server, and opens a direct link. Answers when it stands, or with why there is none;
 * messages go through the server meanwhile and then. A link that stands is answered at once.
 */
export const connectDirectly = request("chatRoom/connectDirectly", { user }, { address: string({ max: 128 }) });

/** Ends the direct link; messages go through the server. */
export const disconnectDirectly = request("chatRoom/disconnectDirectly", { user }, {});

/** Where that person's listener is, given only with their word [P-4.8]. */
export const peerAddress = request(
  "chatRoom/peerAddress",
  { user },
  { ip, port, key: optional(pinField), addresses: array(object({ ip, port }), { max: 64 }) },
);

/**
 * What both people compare: 60 digits, the same on both sides. `bad_request` where nothing is known of their device yet.
 * `changed`: the key that was shown since, which is not `key`.
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

/** The person compared the number for that key (or takes that back); another key than the contact's is refused. */
export const verifyContact = request("chatRoom/verifyContact", { user, key: pinField, verified: boolean }, {});

/** The person's word that a changed key is the contact's now. The contact is not verified any more. */
export const acceptKey = request("chatRoom/acceptKey", { user, key: pinField }, {});

/** Who may connect without being asked about, by device. */
export const consents = request(
  "chatRoom/consents",
  {},
  { consents: list(object({ user: string({ max: 256 }), key: pinField, sinceMs: time })) },
);

/** That person is asked about again; a direct link with them ends. */
export const revokeConsent = request("chatRoom/revokeConsent", { user }, {});

/** `off`: no listener, everything is refused. `ask`: a person is asked. `contacts`: people one has written to need not ask. */
export const directMode = oneOf("off", "ask", "contacts");
export type DirectMode = Infer<typeof directMode>;

/**
 * Kept by the daemon, and in force at once. Empty `interfaces` (names or addresses): all of them. Port 0: any free one.
 * Answers the port that it listens at; absent until the first direct link is wanted, which opens it.
 */
export const setDirectMode = request(
  "chatRoom/setDirectMode",
  { mode: directMode, interfaces: array(string({ min: 1, max: 64 }), { max: 32 }), port },
  { listensAt: optional(port) },
);
