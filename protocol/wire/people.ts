// The directory, presence and blocks [P-4.4 to P-4.6, P-4.11 to P-4.13].

import { known, list } from "../lenient.ts";
import { limits } from "../limits.ts";
import { integer, Invalid, object, oneOf, optional, string } from "../validate.ts";
import type { JsonObject } from "./frame.ts";
import { accountField, declare, nameField, timeField } from "./declare.ts";

/** The presence that a person sets. */
export const ownPresence = oneOf("available", "away", "dnd");
/** The presence that others see. */
export const presenceState = oneOf("available", "away", "dnd", "offline");

/** The answer is a map of name to name, without `result`: read it with `readOnlineMap`. */
export const online = declare("online", {}, {});

export const block = declare("block", { target: nameField }, {});
export const unblock = declare("unblock", { target: nameField }, {});
/** In pages, like `users` [P-4.12]. */
export const blocked = declare(
  "blocked",
  { after: optional(nameField), limit: optional(integer({ min: 1, max: limits.maxDirectoryPage })) },
  { users: list(nameField), next: optional(nameField) },
);

/** An invitation for somebody who has no account yet [P-4.16]. */
export const invite = declare(
  "invite",
  {
    /** How many accounts it is good for. */
    uses: optional(integer({ min: 1, max: limits.maxInviteUses })),
    days: optional(integer({ min: 1, max: limits.maxInviteDays })),
  },
  {
    invite: string({ min: 1, max: 256 }),
    /** When it ends if the server runs all the time, in milliseconds since 1970. */
    expires: timeField,
  },
);

const presenceFields = {
  account: optional(accountField),
  /** A state that only a newer server knows reads as `away`: the person is online, and nothing more is known. */
  state: known("away", "available", "dnd", "offline"),
  text: optional(string({ max: limits.maxPresenceTextLength })),
};

export const users = declare(
  "users",
  {
    prefix: optional(string({ max: 4 * limits.maxNameCharacters })),
    /** The last name of the previous page. */
    after: optional(nameField),
    limit: optional(integer({ min: 1, max: limits.maxDirectoryPage })),
  },
  {
    /** In the order of their keys; without yourself and those who block you. */
    users: list(object({ name: nameField, ...presenceFields })),
    /** What to send as `after` for the next page; absent on the last. */
    next: optional(nameField),
  },
);

export const presence = declare(
  "presence",
  { state: ownPresence, text: optional(string({ max: limits.maxPresenceTextLength })) },
  {},
);

export const presencePush = declare("presence", { from: nameField, ...presenceFields }, {});

/** Reads the names in the answer of `online`; `id` belongs to the envelope and is not a name [P-3.1]. */
export function readOnlineMap(body: JsonObject): string[] | Invalid {
  if (Object.hasOwn(body, "result")) return new Invalid("the request was refused");
  const names: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (name === "id") continue;
    const read = nameField.read(value, name);
    if (read instanceof Invalid) return read;
    names.push(read);
  }
  return names;
}
