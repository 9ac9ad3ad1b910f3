// What the extension host and the webview of one chat panel say to each other. A webview is a boundary that may fail:
// both ends read what arrives through these schemas, and the host takes nothing without the panel's token. Nothing here
// names a command, a path or a setting; the few things a panel may ask for are the closed list `panelAction`.

import { limits } from "../limits.ts";
import { array, boolean, integer, Invalid, object, oneOf, optional, string, variants } from "../validate.ts";
import type { Infer, Schema } from "../validate.ts";
import { chatMessage, contact, conversationField } from "../editor/model.ts";

const seq = integer({ min: 1 });
/** Names one sending of one text, from the panel's `send` to the host's `settled`. */
const ticket = string({ min: 1, max: 64 });
const token = string({ min: 1, max: 128 });
/** User and server in one: what is written for one account is neither shown to another nor sent by it. */
const accountId = string({ min: 1 });
/** Texts on their way to the daemon. */
const pendingTexts = array(object({ ticket, text: string(), atMs: integer({ min: 0 }) }), { max: 256 });

/** What a panel may ask of the host beside talking. */
export const panelAction = oneOf("signIn", "reconnect", "trustServer", "restartDaemon", "showLog", "unblock");
export type PanelAction = Infer<typeof panelAction>;

/** Why the conversation cannot go on as usual, in a sentence, and what may be done about it. */
export const banner = object({
  text: string({ max: 8_192 }),
  severity: oneOf("info", "warning"),
  busy: boolean,
  action: optional(object({ id: panelAction, label: string({ min: 1, max: 100 }) })),
});
export type Banner = Infer<typeof banner>;

export const toPanel = variants("kind", {
  /** With whom, and how things stand; sent again whenever either changes. */
  head: object({
    kind: oneOf("head"),
    contact,
    banner: optional(banner),
    /** `held`: who is signed in is not known yet, so nothing can be sent. `closed`: nobody is. */
    writing: oneOf("open", "held", "closed"),
    /** Who is signed in; with `open`. */
    account: optional(accountId),
    /** The daemon is reached. */
    linked: boolean,
  }),
  /** Everything the host has loaded, in place of what the panel shows. `newFrom`: the first unread message. */
  loaded: object({
    kind: oneOf("loaded"),
    messages: array(chatMessage),
    more: boolean,
    newFrom: optional(seq),
  }),
  /** Messages older than all that the panel shows; `more`: there are older ones still. */
  older: object({ kind: oneOf("older"), messages: array(chatMessage), more: boolean }),
  /** Messages that are new or look different. */
  changed: object({ kind: oneOf("changed"), messages: array(chatMessage) }),
  /** The history could not be read. */
  unreadable: object({ kind: oneOf("unreadable"), reason: string({ max: 8_192 }) }),
  /** What became of a `send`. `unknown`: nobody can tell any more (the window was loaded anew meanwhile). */
  settled: object({
    kind: oneOf("settled"),
    ticket,
    outcome: oneOf("stored", "refused", "unknown"),
    reason: optional(string({ max: 8_192 })),
    /** The reason is gone as soon as the daemon is reached again. */
    passing: optional(boolean),
  }),
  /** The person asked for this conversation: put the caret into the composer. */
  focus: object({ kind: oneOf("focus") }),
});
export type ToPanel = Infer<typeof toPanel>;

export const fromPanel = variants("kind", {
  /** Can take messages now. `anchor`: the message that was on top when the panel was last drawn. */
  ready: object({
    kind: oneOf("ready"),
    token,
    anchor: optional(seq),
    pending: array(ticket, { max: 256 }),
  }),
  /** The person scrolled to the top. */
  older: object({ kind: oneOf("older"), token }),
  send: object({
    kind: oneOf("send"),
    token,
    ticket,
    text: string({ min: 1, max: 4 * limits.maxMessageBytes }),
    /** Whose text it is; refused when another account is signed in by then. */
    account: accountId,
  }),
  /** Try a failed message again. */
  retry: object({ kind: oneOf("retry"), token, mid: string({ min: 1, max: 256 }) }),
  /** The person clicked a link. The host parses it again. */
  open: object({ kind: oneOf("open"), token, url: string({ min: 1, max: 8_192 }) }),
  /** Everything up to and with that message is drawn in view. */
  seen: object({ kind: oneOf("seen"), token, upTo: seq }),
  act: object({ kind: oneOf("act"), token, action: panelAction }),
});
export type FromPanel = Infer<typeof fromPanel>;

/** What a panel keeps for the next time it is drawn; also what it restores itself from after a window was loaded anew. */
export const panelState = object({
  conversation: conversationField,
  name: string({ max: 256 }),
  /** Whose draft and pending texts these are; absent until somebody is signed in. */
  account: optional(accountId),
  draft: string(),
  pending: pendingTexts,
  /** What other accounts had written here, until they are back. */
  shelved: optional(array(object({ account: accountId, draft: string(), pending: pendingTexts }), { max: 16 })),
  /** The message on top; absent while the newest is in view. */
  anchor: optional(seq),
});
export type PanelState = Infer<typeof panelState>;

/** Reads a posted message; what is not one is ignored, as undefined. */
export function readPosted<T>(schema: Schema<T>, value: unknown): T | undefined {
  const read = schema.read(value, "");
  return read instanceof Invalid ? undefined : read;
}
