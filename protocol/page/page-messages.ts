// What the extension host and the webview of one chat panel say to each other. A webview is a boundary that may fail:
// both ends read what arrives through these schemas, and the host takes nothing without the panel's token. Nothing here
// names a command, a path or a setting; the few things a panel may ask for are the closed list `panelAction`.

import { list } from "../lenient.ts";
import { limits } from "../limits.ts";
import { ownPresence } from "../wire/people.ts";
import { array, boolean, integer, Invalid, object, oneOf, optional, string, variants } from "../validate.ts";
import type { Infer, Schema } from "../validate.ts";
import { chatMessage, maxDraft, partner } from "../api/model.ts";
import { conversationField } from "../conversations/conversation-id.ts";

const seq = integer({ min: 1 });
/** Of a draft, as the daemon counts. */
const revision = integer({ min: 0 });
/** Names one sending of one text, from the panel's `send` to the host's `settled`. */
const ticket = string({ min: 1, max: 64 });
const token = string({ min: 1, max: 128 });
const mid = string({ min: 1, max: 256 });
/** In characters. Longer ones are not posted; whether the bytes of one are too many the daemon says. */
export const maxPanelText = 4 * limits.maxMessageBytes;
const panelText = string({ min: 1, max: maxPanelText });
/** User and server in one: what is written for one account is neither shown to another nor sent by it. */
const accountId = string({ min: 1 });
/** The message that a text answers, and what is shown of it. */
const answering = optional(object({ seq, from: string(), text: string() }));
/** Texts on their way to the daemon. */
const pendingTexts = array(object({ ticket, text: string(), atMs: integer({ min: 0 }), answering }), { max: 256 });

/** What a panel may ask of the host beside talking. */
export const panelAction = oneOf(
  "signIn",
  "signInHere",
  "reconnect",
  "trustServer",
  "restartDaemon",
  "showLog",
  "unblock",
  "block",
  "mute",
  "verify",
  "acceptKey",
  "connectDirectly",
);
export type PanelAction = Infer<typeof panelAction>;

/** Why the conversation cannot go on as usual, in a sentence, and what may be done about it. */
export const banner = object({
  text: string({ max: 8_192 }),
  severity: oneOf("info", "warning"),
  busy: boolean,
  actions: array(object({ id: panelAction, label: string({ min: 1, max: 100 }) }), { max: 3 }),
});
export type Banner = Infer<typeof banner>;

/** What the menu of a message has. */
export const messageActions = ["react", "reply", "edit", "copy", "unread", "link", "remove"] as const;
const messageAction = oneOf(...messageActions);
export type MessageAction = (typeof messageActions)[number];

export const toPanel = variants("kind", {
  /** With whom, and how things stand; sent again whenever either changes. */
  head: object({
    kind: oneOf("head"),
    partner,
    /** Nobody can say now whether they are there. */
    unsure: optional(boolean),
    banner: optional(banner),
    /** `held`: who is signed in is not known yet, so nothing can be sent. `closed`: nobody is. */
    writing: oneOf("open", "held", "closed"),
    /** Who is signed in; with `open`. */
    account: optional(accountId),
    /** The daemon is reached. */
    linked: boolean,
  }),
  /**
   * A stretch of the history in place of what the panel shows. `newFrom`: the first unread message. `top`: the message to
   * go to.
   */
  loaded: object({
    kind: oneOf("loaded"),
    messages: list(chatMessage),
    more: boolean,
    moreAfter: boolean,
    newFrom: optional(seq),
    top: optional(seq),
  }),
  /** The messages before `before`, as far as a page goes; `more`: there are older ones still. */
  older: object({ kind: oneOf("older"), before: seq, messages: list(chatMessage), more: boolean }),
  /** The messages behind `after`. */
  newer: object({ kind: oneOf("newer"), after: integer({ min: 0 }), messages: list(chatMessage), more: boolean }),
  /** Messages that are new or look different. */
  changed: object({ kind: oneOf("changed"), messages: list(chatMessage) }),
  /** From that message on all is unread again, as the person wants it. */
  kept: object({ kind: oneOf("kept"), newFrom: seq }),
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
  /** What became of an `edit`, of whom and with which text. A refused one is given back to be written on. */
  edited: object({
    kind: oneOf("edited"),
    account: accountId,
    mid,
    text: string(),
    refused: optional(string({ max: 8_192 })),
    /** The reason is gone as soon as the daemon is reached again. */
    passing: optional(boolean),
  }),
  /** The person asked for this conversation: put the caret into the composer. */
  focus: object({ kind: oneOf("focus") }),
  /** Who is meant by `@` in the messages that the panel has, and by which name the person is meant themselves. */
  names: object({ kind: oneOf("names"), own: optional(string({ max: 256 })), others: array(string({ max: 256 })) }),
  /** For a `whom`: names that begin with what was typed. */
  offered: object({
    kind: oneOf("offered"),
    typed: string({ max: 128 }),
    names: array(string({ max: 256 }), { max: 100 }),
  }),
  /** The draft as the daemon keeps it for that account: asked for, written in another window, or (`kept`) just stored. */
  draft: object({ kind: oneOf("draft"), account: accountId, text: string(), revision, kept: optional(boolean) }),
  /** The other person is writing; true for 6 s. */
  typing: object({ kind: oneOf("typing") }),
  /** What a `find` found, newest first, or why nothing could be. `next`: the `before` of the page behind. */
  found: object({
    kind: oneOf("found"),
    text: string(),
    hits: array(chatMessage, { max: 200 }),
    next: optional(seq),
    refused: optional(string({ max: 8_192 })),
  }),
  /** The person chose that in the menu of a message. */
  chosen: object({ kind: oneOf("chosen"), action: messageAction, seq }),
  /** Text for the composer, at the caret; not sent. */
  insert: object({ kind: oneOf("insert"), text: string() }),
  /** Why something that the person asked for was not done, or that it was. */
  said: object({ kind: oneOf("said"), text: string({ max: 8_192 }), failed: boolean }),
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
  /** The person scrolled to the top, or to the end, of what is loaded. */
  older: object({ kind: oneOf("older"), token, before: seq }),
  newer: object({ kind: oneOf("newer"), token, after: integer({ min: 0 }) }),
  /** The message on top changed; without `anchor` the newest is in view. */
  place: object({ kind: oneOf("place"), token, anchor: optional(seq) }),
  /** Go to the newest messages, to the first unread one, or to one that is named. */
  go: object({ kind: oneOf("go"), token, to: oneOf("newest", "unread", "seq"), seq: optional(seq) }),
  send: object({
    kind: oneOf("send"),
    token,
    ticket,
    text: panelText,
    /** Whose text it is; refused when another account is signed in by then. */
    account: accountId,
    /** The message that this one answers. */
    answers: optional(seq),
  }),
  /** `account`: as of `send`. */
  edit: object({ kind: oneOf("edit"), token, account: accountId, mid, text: panelText }),
  /** Take back an own message; the host asks first. */
  remove: object({ kind: oneOf("remove"), token, mid }),
  react: object({ kind: oneOf("react"), token, seq, emoji: string({ min: 1, max: 32 }), on: boolean }),
  /** What is in the composer, whenever it has not changed for a moment; a longer one is not posted, which the panel says. */
  draft: object({ kind: oneOf("draft"), token, account: accountId, text: string({ max: maxDraft }) }),
  typing: object({ kind: oneOf("typing"), token }),
  /** Whose names begin so? */
  whom: object({ kind: oneOf("whom"), token, typed: string({ max: 128 }) }),
  find: object({ kind: oneOf("find"), token, text: string({ min: 1, max: 1_024 }), before: optional(seq) }),
  /** The text of a message, or of its code block of that index, goes to the clipboard or into an editor. */
  take: object({
    kind: oneOf("take"),
    token,
    seq,
    block: optional(integer({ min: 0, max: 10_000 })),
    to: oneOf("clipboard", "cursor", "editor"),
    /** What the person wants of the characters in it that are not seen; where they were not asked, the host asks. */
    hidden: optional(oneOf("removed", "kept")),
  }),
  /** A link to that message goes to the clipboard. */
  link: object({ kind: oneOf("link"), token, seq }),
  /** From that message on it is to be unread. */
  unread: object({ kind: oneOf("unread"), token, seq }),
  /** Choose a file, or the selection of the last editor, for the composer. */
  attach: object({ kind: oneOf("attach"), token, from: oneOf("any", "selection") }),
  /** Own presence. */
  status: object({ kind: oneOf("status"), token, state: ownPresence, text: string({ max: 140 }) }),
  /** Try a failed message again. */
  retry: object({ kind: oneOf("retry"), token, mid }),
  /** The person clicked a link, or a line of a file (`workspace-file:src/a.ts:12`). The host parses it again. */
  open: object({ kind: oneOf("open"), token, url: string({ min: 1, max: 8_192 }) }),
  /** Everything up to and with that message is drawn in view. */
  seen: object({ kind: oneOf("seen"), token, upTo: seq }),
  act: object({ kind: oneOf("act"), token, action: panelAction }),
});
export type FromPanel = Infer<typeof fromPanel>;

/** An own message with the text that it is to have. */
const change = object({ mid, text: string() });

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

/** Reads a posted message; what is not one is ignored, as undefined. */
export function readPosted<T>(schema: Schema<T>, value: unknown): T | undefined {
  const read = schema.read(value, "");
  return read instanceof Invalid ? undefined : read;
}
