// The messages between the extension host and the page of one chat panel; those of one kind of conversation event are
// declared with that kind, in protocol/conversations/kinds/. A webview is a trust boundary: both ends parse what arrives
// with these schemas, and the host accepts nothing without the panel's token. Nothing here names a command, a path or a
// setting; the few actions that a panel may ask for are the closed list `panelAction`.

import { chatMessage, maxDraft, partner } from "../api/model.ts";
import type { ChatMessage } from "../api/model.ts";
import { fromPage, toPage } from "../conversations/kinds.ts";
import { list } from "../lenient.ts";
import { array, boolean, integer, Invalid, object, oneOf, optional, string, variants } from "../validate.ts";
import type { Infer, Schema } from "../validate.ts";
import { ownPresence } from "../wire/people.ts";
import { accountId, mid, reason, revision, seq, token } from "./page-fields.ts";

/** What a panel may ask of the host besides messages. */
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

/** A sentence that says why the conversation cannot continue as usual, and what the person can do about it. */
export const banner = object({
  text: string({ max: 8_192 }),
  severity: oneOf("info", "warning"),
  busy: boolean,
  actions: array(object({ id: panelAction, label: string({ min: 1, max: 100 }) }), { max: 3 }),
});
export type Banner = Infer<typeof banner>;

/** A part of a history, without a gap. */
export interface MessageWindow {
  readonly messages: readonly ChatMessage[];
  /** There are older messages. */
  readonly more: boolean;
  /** There are newer messages. */
  readonly moreAfter: boolean;
}

/** The actions in the menu and the toolbar of a message, in this order. */
export const messageActions = ["react", "reply", "edit", "copy", "unread", "link", "delete"] as const;
const messageAction = oneOf(...messageActions);
export type MessageAction = (typeof messageActions)[number];

export const toPanel = variants("kind", {
  ...toPage,
  /** The contact of the conversation and its state; sent again whenever either changes. */
  head: object({
    kind: oneOf("head"),
    partner,
    /** Their presence is not known. */
    unsure: optional(boolean),
    banner: optional(banner),
    /** `pending`: it is not known yet who is signed in, so nothing can be sent. `closed`: nobody is. */
    writing: oneOf("open", "pending", "closed"),
    /** The account that is signed in; only with `open`. */
    account: optional(accountId),
    /** There is a connection to the daemon. */
    linked: boolean,
  }),
  /**
   * Replaces the messages that the panel shows. `newFrom`: the first unread message. `top`: the message to go to.
   */
  loaded: object({
    kind: oneOf("loaded"),
    messages: list(chatMessage),
    more: boolean,
    moreAfter: boolean,
    newFrom: optional(seq),
    top: optional(seq),
  }),
  /** A page of messages before `before`. `more`: there are older ones. */
  older: object({ kind: oneOf("older"), before: seq, messages: list(chatMessage), more: boolean }),
  /** The messages after `after`. */
  newer: object({ kind: oneOf("newer"), after: integer({ min: 0 }), messages: list(chatMessage), more: boolean }),
  /** Messages that are new or look different. */
  changed: object({ kind: oneOf("changed"), messages: list(chatMessage) }),
  /** The history could not be read. */
  unreadable: object({ kind: oneOf("unreadable"), reason }),
  /** Puts the caret into the composer, because the person has opened this conversation. */
  focus: object({ kind: oneOf("focus") }),
  /** The names after an `@` in the messages of the panel, and the person's own name. */
  names: object({ kind: oneOf("names"), own: optional(string({ max: 256 })), others: array(string({ max: 256 })) }),
  /** The answer to `whom`: names that begin with what was typed. */
  offered: object({
    kind: oneOf("offered"),
    typed: string({ max: 128 }),
    names: array(string({ max: 256 }), { max: 100 }),
  }),
  /** The daemon's draft for that account: requested, written in another window, or (`kept`) just stored. */
  draft: object({ kind: oneOf("draft"), account: accountId, text: string(), revision, kept: optional(boolean) }),
  /** The results of a `find`, newest first, or why there are none. `next`: the `before` of the next page. */
  found: object({
    kind: oneOf("found"),
    text: string(),
    hits: array(chatMessage, { max: 200 }),
    next: optional(seq),
    refused: optional(reason),
  }),
  /** The person has chosen an action in the menu of a message. */
  chosen: object({ kind: oneOf("chosen"), action: messageAction, seq }),
  /** Inserts a text at the caret of the composer without sending it. */
  insert: object({ kind: oneOf("insert"), text: string() }),
  /** Says that something the person asked for was done or, if `failed`, why it was not. */
  notice: object({ kind: oneOf("notice"), text: string({ max: 8_192 }), failed: boolean }),
});
export type ToPanel = Infer<typeof toPanel>;

export const fromPanel = variants("kind", {
  ...fromPage,
  /** The page is ready for messages. `anchor`: the message on top when it was last drawn. */
  ready: object({
    kind: oneOf("ready"),
    token,
    anchor: optional(seq),
    pending: array(mid, { max: 256 }),
  }),
  /** The person has scrolled to the top or the end of the loaded messages. */
  older: object({ kind: oneOf("older"), token, before: seq }),
  newer: object({ kind: oneOf("newer"), token, after: integer({ min: 0 }) }),
  /** Another message is on top; no `anchor` means that the newest is in view. */
  place: object({ kind: oneOf("place"), token, anchor: optional(seq) }),
  /** Asks for the newest messages, the first unread one, or a given one. */
  go: object({ kind: oneOf("go"), token, to: oneOf("newest", "unread", "seq"), seq: optional(seq) }),
  /** The draft, sent once it has not changed for a moment. The page warns if it is too long to be posted. */
  draft: object({ kind: oneOf("draft"), token, account: accountId, text: string({ max: maxDraft }) }),
  /** Asks for names with this prefix. */
  whom: object({ kind: oneOf("whom"), token, typed: string({ max: 128 }) }),
  find: object({ kind: oneOf("find"), token, text: string({ min: 1, max: 1_024 }), before: optional(seq) }),
  /** Copies the text of a message, or of its code block with that index, to the clipboard or into an editor. */
  take: object({
    kind: oneOf("take"),
    token,
    seq,
    block: optional(integer({ min: 0, max: 10_000 })),
    to: oneOf("clipboard", "cursor", "editor"),
    /** What to do with invisible characters in it; if absent, the host asks the person. */
    hidden: optional(oneOf("removed", "kept")),
  }),
  /** Copies a link to that message to the clipboard. */
  link: object({ kind: oneOf("link"), token, seq }),
  /** Lets the person choose a file, or the selection of the last editor, for the composer. */
  attach: object({ kind: oneOf("attach"), token, from: oneOf("any", "selection") }),
  /** Sets the person's own presence. */
  status: object({ kind: oneOf("status"), token, state: ownPresence, text: string({ max: 140 }) }),
  /** The person has clicked a link, or a line of a file (`workspace-file:src/a.ts:12`). The host parses it again. */
  open: object({ kind: oneOf("open"), token, url: string({ min: 1, max: 8_192 }) }),
  act: object({ kind: oneOf("act"), token, action: panelAction }),
});
export type FromPanel = Infer<typeof fromPanel>;

/** Reads a posted message; undefined if it is not one. */
export function readPosted<T>(schema: Schema<T>, value: unknown): T | undefined {
  const read = schema.read(value, "");
  return read instanceof Invalid ? undefined : read;
}
