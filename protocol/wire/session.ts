// Opening, keeping and ending the one session of a user [P-4.1, P-4.7, P-4.9, P-4.10].

import { limits } from "../limits.ts";
import { isPin } from "../pin.ts";
import type { Pin } from "../pin.ts";
import { array, boolean, integer, Invalid, object, optional, string } from "../validate.ts";
import type { Infer, Schema } from "../validate.ts";
import { accountField, declare, ipField, nameField, portField, tokenField } from "./declare.ts";

const passwordField = string({ min: 1, max: limits.maxPasswordLength });
const labelField = string({ max: 128 });

export const auth = declare(
  "auth",
  {
    /** Optional together with a `token`. */
    username: optional(nameField),
    /** Either this or `token`. */
    password: optional(passwordField),
    token: optional(tokenField),
    /** The port on which the client itself listens for direct requests. */
    port: optional(portField),
    /**
     * Accepts direct connections, and names its port only when it is asked for one: in an `auth` before its `ok` [P-4.8].
     */
    direct: optional(boolean),
    /** Addresses of the client's machine at which that port may be reached, the likeliest first [P-4.8]. */
    addresses: optional(array(ipField, { max: limits.maxAddresses })),
    /** Identifies the installation; if the same one reconnects, it takes over its session silently. */
    device: optional(labelField),
    /** Name and version of the program, for the log. */
    client: optional(labelField),
    /** Wants `presence`, `offline` and `signal` pushes. */
    presence: optional(boolean),
    /** Answers each `message` push once it is on disk [P-5.1]. */
    acks: optional(boolean),
    /** Wants the delivery outcomes of its queued messages [P-5.7]. */
    outcomes: optional(boolean),
  },
  {
    token: optional(tokenField),
    /** Seconds of silence after which the session ends. */
    alive: optional(integer({ min: 1 })),
    server: optional(object({ name: string(), version: string() })),
    /** The name as it was registered. */
    username: optional(nameField),
    /** Identifies the account for ever [P-3.7]. */
    account: optional(accountField),
  },
);

export const register = declare(
  "register",
  { username: string({ max: 1_024 }), password: passwordField, invite: optional(string({ max: 256 })) },
  {},
);

export const logout = declare("logout", {}, {});

export const alive = declare("alive", {}, {});

const pinField: Schema<Pin> = {
  read: (value, path) => (typeof value === "string" && isPin(value) ? value : new Invalid(`${path} must be a pin`)),
};
/** Enough for RSA keys and signatures of 16,384 bits. */
const base64Field = string({ min: 1, max: 4_096 });

/** The statement of one key of the server about the key that follows it [P-1.11]. */
export const pinStatement = object({
  from: pinField,
  to: pinField,
  /** The SubjectPublicKeyInfo of the key with the pin `from`: DER, base64. */
  key: base64Field,
  /** Made with that key, base64. */
  signature: base64Field,
});
export type PinStatement = Infer<typeof pinStatement>;
export const maxPinStatements = 16;

/** Served to anyone: the changes of the server's key, oldest first [P-1.11]. */
export const pins = declare("pins", {}, { pins: array(pinStatement, { max: maxPinStatements }) });
