// What the page of a chat panel keeps in VS Code's state of its webview: everything that a person has written and that is
// not stored yet. A page that is drawn again, and a window that was reloaded or updated, continue with it.

import { change } from "../conversations/kinds/edit.ts";
import { replyTo } from "../conversations/kinds/reply.ts";
import { array, boolean, integer, Invalid, object, optional, string } from "../validate.ts";
import type { Infer } from "../validate.ts";
import { accountId, chatFields, mid, revision, seq } from "./page-fields.ts";

/** Everything that one account has written in a panel. */
const writtenFields = {
  draft: string(),
  /** The daemon has not said yet that it keeps this draft. */
  dirty: optional(boolean),
  /** The draft as the daemon was given it last. */
  handed: optional(string()),
  /** The revision of the daemon's draft that this one is, or was made from. */
  revision: optional(revision),
  /** What the draft replies to. */
  replyTo,
  /** Shown in place of the draft. */
  editing: optional(change),
  /** Edits on their way to the daemon. */
  saving: optional(array(change, { max: 64 })),
  /** Texts on their way to the daemon. */
  pending: array(object({ mid, text: string(), atMs: integer({ min: 0 }), replyTo }), { max: 256 }),
};

export const panelState = object({
  ...chatFields,
  /** Who has written what follows; absent until somebody is signed in. */
  account: optional(accountId),
  ...writtenFields,
  /** What other accounts had written here, until they are back. */
  draftsByAccount: optional(array(object({ account: accountId, ...writtenFields }), { max: 16 })),
  /** The message on top; absent while the newest is in view. */
  anchor: optional(seq),
});
export type PanelState = Infer<typeof panelState>;

/** Names that fields had in an earlier version, which may have kept the state that is read. */
const formerNames: Readonly<Record<string, string>> = {
  ticket: "mid",
  answering: "replyTo",
  unkept: "dirty",
  shelved: "draftsByAccount",
};

/** Reads the state that this version or an earlier one has kept; undefined if it is not a state. */
export function readPanelState(kept: unknown): PanelState | undefined {
  const read = panelState.read(renamed(kept), "");
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
