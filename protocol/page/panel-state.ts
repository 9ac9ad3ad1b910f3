// What the page of a chat panel keeps in VS Code's state of its webview: everything that a person has written and that is
// not stored yet. A page that is recreated, and a window that was reloaded or updated, continue with it.

import { change } from "../conversations/kinds/edit.ts";
import { replyTo } from "../conversations/kinds/reply.ts";
import { list, maybe } from "../lenient.ts";
import { array, boolean, integer, Invalid, object, optional, string } from "../validate.ts";
import type { Infer } from "../validate.ts";
import { accountId, chatFields, mid, revision, seq } from "./page-fields.ts";

/** The most texts that one account is sending in a panel. */
export const maxPending = 256;

/**
 * @param addition declares a field that may be absent
 * @param several declares a list
 */
function stateWith(addition: typeof optional, several: typeof array) {
  /** Everything that one account has written in a panel. */
  const writtenFields = {
    draft: string(),
    /** The daemon has not confirmed yet that it has stored this draft. */
    dirty: addition(boolean),
    /** The draft as last sent to the daemon. */
    handed: addition(string()),
    /** The revision of the daemon's draft that this one equals or is based on. */
    revision: addition(revision),
    /** The message that the draft replies to. */
    replyTo: addition(replyTo),
    /** The edit shown in place of the draft. */
    editing: addition(change),
    /** Edits that are being sent to the daemon. */
    saving: addition(several(change, { max: 64 })),
    /** Texts that are being sent to the daemon. */
    pending: several(object({ mid, text: string(), atMs: integer({ min: 0 }), replyTo: addition(replyTo) }), {
      max: maxPending,
    }),
  };
  return object({
    ...chatFields,
    /** The account that has written the following; absent until somebody is signed in. */
    account: optional(accountId),
    ...writtenFields,
    /** What other accounts have written here, until they sign in again. */
    draftsByAccount: addition(several(object({ account: accountId, ...writtenFields }), { max: 16 })),
    /** The message on top; absent while the newest is in view. */
    anchor: addition(seq),
  });
}

export const panelState = stateWith(optional, array);
/** A part that another version has written in its own way is left out, so that the rest of what was written is not lost. */
const storedState = stateWith(maybe, list);
export type PanelState = Infer<typeof panelState>;

/** Earlier names of fields: an earlier version may have stored the state. */
const formerNames: Readonly<Record<string, string>> = {
  ticket: "mid",
  answering: "replyTo",
  unkept: "dirty",
  shelved: "draftsByAccount",
};

/** Reads a state stored by this version or another one; undefined if it is not a state. */
export function readPanelState(kept: unknown): PanelState | undefined {
  const read = storedState.read(renamed(kept), "");
  return read instanceof Invalid ? undefined : read;
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      Object.hasOwn(formerNames, name) ? formerNames[name] : name,
      renamed(part),
    ]),
  );
}
