// What the page of a chat panel keeps in VS Code's state of its webview: everything that a person has written and that is
// not stored yet. A page that is drawn again, and a window that was reloaded, continue with it.

import { conversationField } from "../conversations/conversation-id.ts";
import { change } from "../conversations/kinds/edit.ts";
import { answering } from "../conversations/kinds/reply.ts";
import { ticket } from "../conversations/kinds/text.ts";
import { array, boolean, integer, object, optional, string } from "../validate.ts";
import type { Infer } from "../validate.ts";
import { accountId, revision, seq } from "./page-fields.ts";

/** Texts on their way to the daemon. */
const pendingTexts = array(object({ ticket, text: string(), atMs: integer({ min: 0 }), answering }), { max: 256 });

/** All that one account has written in a panel. */
const written = {
  draft: string(),
  /** The daemon has not said yet that it keeps this draft. */
  unkept: optional(boolean),
  /** What it was given last of it. */
  handed: optional(string()),
  /** Of the daemon's draft that this one is, or was made from. */
  revision: optional(revision),
  /** Of the draft. */
  answering,
  /** In place of the draft. */
  editing: optional(change),
  /** Changes on their way to the daemon. */
  saving: optional(array(change, { max: 64 })),
  pending: pendingTexts,
};

/** What a panel keeps for the next time it is drawn; also what it restores itself from after a window was loaded anew. */
export const panelState = object({
  conversation: conversationField,
  name: string({ max: 256 }),
  /** Who has written what follows; absent until somebody is signed in. */
  account: optional(accountId),
  ...written,
  /** What other accounts had written here, until they are back. */
  shelved: optional(array(object({ account: accountId, ...written }), { max: 16 })),
  /** The message on top; absent while the newest is in view. */
  anchor: optional(seq),
});
export type PanelState = Infer<typeof panelState>;
