// What an admin command asks of whoever has the data folder, a running server or the command itself: one request, one answer,
// each a JSON object on one line.

import { array, boolean, integer, object, oneOf, optional, string, variants } from "../../protocol/validate.ts";
import type { Infer } from "../../protocol/validate.ts";

const text = string({ max: 4_096 });
/** Who asks, in the words of the command: for the audit log. */
const by = string({ max: 256 });

export const adminRequest = variants("ask", {
  addUser: object({ ask: oneOf("addUser"), by, name: text, password: text }),
  changePassword: object({ ask: oneOf("changePassword"), by, name: text, password: text }),
  removeUser: object({ ask: oneOf("removeUser"), by, name: text }),
  /** In pages. `after`: the last name of the page before. */
  listUsers: object({ ask: oneOf("listUsers"), by, after: optional(text) }),
  /** `lifeMs` is missing for one that is good until it is revoked. */
  createInvite: object({
    ask: oneOf("createInvite"),
    by,
    uses: integer({ min: 1 }),
    lifeMs: optional(integer({ min: 1 })),
  }),
  listInvites: object({ ask: oneOf("listInvites"), by }),
  revokeInvite: object({ ask: oneOf("revokeInvite"), by, name: text }),
});
export type AdminRequest = Infer<typeof adminRequest>;

const inviteState = object({
  id: string(),
  uses: integer(),
  used: integer(),
  leftMs: optional(integer()),
  /** The member who made it. */
  by: optional(text),
});

export const adminAnswer = object({
  ok: boolean,
  /** Why not: a sentence for the operator. */
  sentence: optional(string()),
  /** Of `listUsers`. */
  names: optional(array(string())),
  /** There are more. */
  more: optional(boolean),
  /** Of `createInvite`. */
  code: optional(string()),
  /** Of `listInvites`. */
  invites: optional(array(inviteState)),
});
export type AdminAnswer = Infer<typeof adminAnswer>;

export function refusal(sentence: string): AdminAnswer {
  return { ok: false, sentence };
}
