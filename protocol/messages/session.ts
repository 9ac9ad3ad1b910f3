// Opening, keeping and ending the one session of a user [P-4.1, P-4.7, P-4.9, P-4.10].

import { limits } from "../limits.ts";
import { array, boolean, integer, object, optional, string } from "../validate.ts";
import { declare, ipField, nameField, portField, tokenField } from "./declare.ts";

const passwordField = string({ min: 1, max: limits.maxPasswordLength });
const labelField = string({ max: 128 });

export const auth = declare(
  "auth",
  {
    /** May be left out beside a `token`. */
    username: optional(nameField),
    /** Either this or `token`. */
    password: optional(passwordField),
    token: optional(tokenField),
    /** Where the client's own listener takes p2p requests. */
    port: optional(portField),
    /** Takes direct connections, and names its port when it is asked for one: in an `auth` before its `ok` [P-4.8]. */
    direct: optional(boolean),
    /** Addresses of the client's machine at which that port may be reached, the likeliest first [P-4.8]. */
    addresses: optional(array(ipField, { max: limits.maxAddresses })),
    /** Which installation this is; the same one reconnecting takes its session over silently. */
    device: optional(labelField),
    /** Name and version of the program, for the log. */
    client: optional(labelField),
    /** Wants `presence`, `offline` and `signal` pushes. */
    presence: optional(boolean),
    /** Answers each `message` push once it is on disk [P-5.1]. */
    acks: optional(boolean),
  },
  {
    token: optional(tokenField),
    /** Seconds of silence after which the session ends. */
    alive: optional(integer({ min: 1 })),
    server: optional(object({ name: string(), version: string() })),
    /** The name as it was registered. */
    username: optional(nameField),
  },
);

export const register = declare(
  "register",
  { username: string({ max: 1_024 }), password: passwordField, invite: optional(string({ max: 256 })) },
  {},
);

export const logout = declare("logout", {}, {});

export const alive = declare("alive", {}, {});
