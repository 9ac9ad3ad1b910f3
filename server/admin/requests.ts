// Admin requests, answered by the process that holds the data folder: a running server, or the command itself. One request,
// one answer, each a JSON object on one line.

import { array, boolean, integer, object, oneOf, optional, string, variants } from "../../protocol/validate.ts";
import type { Infer } from "../../protocol/validate.ts";

const text = string({ max: 4_096 });
/** Who asks, as the command describes it; for the audit log. */
const by = string({ max: 256 });

export const adminRequest = variants("ask", {
  addUser: object({ ask: oneOf("addUser"), by, name: text, password: text }),
  changePassword: object({ ask: oneOf("changePassword"), by, name: text, password: text }),
  removeUser: object({ ask: oneOf("removeUser"), by, name: text }),
  /** In pages. `after` is the last name of the previous page. */
  listUsers: object({ ask: oneOf("listUsers"), by, after: optional(text) }),
  /** `lifeMs` is absent for an invitation that is valid until it is revoked. */
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
  /** Why it was refused: a sentence for the operator. */
  sentence: optional(string()),
  /** For `listUsers`. */
  names: optional(array(string())),
  /** Whether there are more. */
  more: optional(boolean),
  /** For `createInvite`. */
  code: optional(string()),
  /** For `listInvites`. */
  invites: optional(array(inviteState)),
});
export type AdminAnswer = Infer<typeof adminAnswer>;

export function refusal(sentence: string): AdminAnswer {
  return { ok: false, sentence };
}
