// Draws one row of the timeline: a separator, or a message with its heading, what it answers, its text, the reactions to
// it and what became of it. The text itself is drawn by draw-text.ts.

import { wordsOf, wordsOfLine } from "../markdown/plain.ts";
import type { Names } from "../markdown/message-tree.ts";
import { keysWrittenIn } from "../../protocol/text/mentions.ts";
import { piecesOf, withoutHidden } from "../../protocol/text/hidden-characters.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { CodeTarget, HiddenChoice } from "./draw-code.ts";
import { drawReactions } from "./draw-reactions.ts";
import type { React } from "./draw-reactions.ts";
import { drawText } from "./draw-text.ts";
import type { TextOptions } from "./draw-text.ts";
import { codicon, element } from "./dom.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";
import type { MessageRow, Row } from "./timeline.ts";
import { dayName, fullTime, shortTime } from "./format-time.ts";

export interface RowActions {
  readonly open: (url: string) => void;
  readonly retry: (mid: string) => void;
  readonly goTo: (seq: number) => void;
  readonly react: React;
  readonly takeCode: (seq: number, index: number, to: CodeTarget, hidden?: HiddenChoice) => void;
}

/** Of the list that the rows are in. */
export interface RowPlace extends Pick<TextOptions, "later" | "opened" | "toggle"> {
  /** Heights are others because the width is. */
  readonly rewidened: () => void;
}

/** What rows depend on beside their message. */
export interface Setting {
  readonly whom: Whom;
  readonly names: Names;
  /** As its owner spells it. */
  readonly ownName: string;
  /** The key of the other person's device, where this one compared it. */
  readonly verified: string | undefined;
}

const quotedCharacters = 160;

export function drawRow(row: Row, setting: Setting, actions: RowActions, place: RowPlace): HTMLElement {
  if (row.kind === "day") return separator("day", dayName(row.atMs));
  if (row.kind === "new") return separator("new", texts.newMessages);
  return drawMessage(row, setting, actions, place);
}

/** In the place of a row that could not be drawn. */
export function drawStrange(row: Row): HTMLElement {
  if (row.kind !== "message") return separator(row.kind, texts.unshown);
  const seq = String(row.message.seq);
  return element(
    "article",
    { class: "message headed", tabindex: "-1", "data-seq": seq, "aria-label": texts.unshown },
    element("div", { class: "text deleted" }, codicon("warning"), texts.unshown),
  );
}

/** Changes whenever the row has to be drawn anew, its message aside. */
export function signatureOf(row: Row, { whom, names, ownName, verified }: Setting): string {
  if (row.kind === "day") return dayName(row.atMs); // today is yesterday tomorrow
  if (row.kind === "new") return row.key;
  const { message, headed, telling } = row;
  const named = namesIn(message).filter((key) => key === names.own || names.others.has(key));
  return JSON.stringify([
    headed,
    telling,
    message.own ? texts.state(message, whom) : "",
    named,
    ownName,
    isIndirect(message, verified),
  ]);
}

const keysByMessage = new WeakMap<ChatMessage, readonly string[]>();

/** Keys of what may be a name in a message, looked for once. */
function namesIn(message: ChatMessage): readonly string[] {
  const known = keysByMessage.get(message);
  if (known !== undefined) return known;
  const keys: string[] = [...new Set(keysWrittenIn(message.text))];
  keysByMessage.set(message, keys);
  return keys;
}

function drawMessage(row: MessageRow, setting: Setting, actions: RowActions, place: RowPlace): HTMLElement {
  const { message, headed } = row;
  const at = new Date(message.sentAtMs);
  const state = texts.state(message, setting.whom);
  const edited = message.edited === true && message.deleted !== true ? texts.edited : "";
  const classes = ["message", ...(headed ? ["headed"] : []), ...(message.own ? ["own"] : [])].join(" ");
  const way = isIndirect(message, setting.verified) ? texts.via : "";
  const wayMark = way === "" ? [] : [element("span", { class: "edited", title: texts.notDirect }, way)];
  const label = [message.from, shortTime(at), edited, way, state].filter((part) => part !== "").join(", ");
  const mark = edited === "" || !headed ? [] : [element("span", { class: "edited" }, `(${edited})`)];
  return element(
    "article",
    { class: classes, tabindex: "-1", "aria-label": label, "data-seq": String(message.seq), ...menuOf(message) },
    ...(headed ? [element("div", { class: "heading" }, name(message.from), timeOf(message), ...mark, ...wayMark)] : []),
    ...(message.quote === undefined ? [] : [drawQuote(message.quote, actions)]),
    ...drawWords(row, setting, actions, place),
    ...drawReactions(message, setting.ownName, actions.react),
    ...(state === "" ? [] : [drawState(row, state, actions)]),
  );
}

/** For VS Code, which shows the menu of `webview/context` on a right click. */
function menuOf({ seq, conversation, own, state, deleted }: ChatMessage): Record<string, string> {
  if (deleted === true || state === "sending" || state === "failed") return {};
  const context = { webviewSection: own ? "chatRoomMessage.own" : "chatRoomMessage.other", conversation, seq };
  return { "data-vscode-context": JSON.stringify(context) };
}

/** From somebody whose key was compared, and yet by the server's word alone. */
function isIndirect({ own, via }: ChatMessage, verified: string | undefined): boolean {
  return verified !== undefined && !own && via !== verified;
}

function name(from: string): HTMLElement {
  const pieces = piecesOf(from).map((each) =>
    each.kind === "hidden" ? element("span", { class: "hidden-character" }, each.code) : each.text,
  );
  return element("bdi", { class: "author" }, ...pieces);
}

/** When the message was sent, as its author's clock says. */
export function timeOf({ sentAtMs }: ChatMessage): HTMLElement {
  const at = new Date(sentAtMs);
  return element("time", { class: "time", datetime: at.toISOString(), title: fullTime(at) }, shortTime(at));
}

function drawWords(
  { message, headed }: MessageRow,
  { names }: Setting,
  actions: RowActions,
  place: RowPlace,
): HTMLElement[] {
  if (message.unreadable === true) {
    return [element("div", { class: "text deleted" }, codicon("warning"), texts.unshown)];
  }
  if (message.deleted === true) return [element("div", { class: "text deleted" }, codicon("trash"), texts.deleted)];
  const { seq } = message;
  const takeCode = (index: number, to: CodeTarget, hidden?: HiddenChoice): void =>
    actions.takeCode(seq, index, to, hidden);
  return drawText(message, {
    ...place,
    names,
    marksEdited: message.edited === true && !headed,
    open: actions.open,
    takeCode: isPlaceholder(message) ? undefined : takeCode,
  });
}

function drawQuote(quote: NonNullable<ChatMessage["quote"]>, actions: RowActions): HTMLElement {
  const { seq, from = texts.someone } = quote;
  const text = shortened(quote.text);
  const label = texts.quoted(from, text);
  const parts = [
    codicon("reply"),
    element("bdi", { class: "author" }, withoutHidden(from)),
    " ",
    element("bdi", { class: "words" }, text),
  ];
  if (seq === undefined) return element("div", { class: "quoted" }, ...parts);
  const button = element("button", { class: "quoted", type: "button", title: label }, ...parts);
  button.addEventListener("click", () => actions.goTo(seq));
  return button;
}

function drawState(row: MessageRow, state: string, actions: RowActions): HTMLElement {
  const { message, telling } = row;
  const failed = message.state === "failed";
  const drawn = element("div", { class: telling ? `state ${message.state}` : "state for-screen-readers" });
  if (failed) drawn.append(codicon("error"));
  drawn.append(element("span", {}, state));
  if (failed) {
    const retry = element("button", { class: "link", type: "button" }, texts.retry);
    retry.addEventListener("click", () => actions.retry(message.mid));
    drawn.append(retry);
  }
  return drawn;
}

function separator(kind: "day" | "new", words: string): HTMLElement {
  return element(
    "div",
    { class: `separator ${kind}`, role: "separator", "aria-label": words },
    element("span", {}, words),
  );
}

/** Drawn while it is on its way to the daemon, which knows nothing of it yet. */
export function isPlaceholder(message: ChatMessage): boolean {
  return !Number.isInteger(message.seq);
}

/** One line for a quotation. What the daemon quotes is one line already, fences and all, and may be cut. */
export function shortened(text: string): string {
  const words = text.includes("\n") ? wordsOf(text) : withoutHidden(wordsOfLine(text));
  const line = words.replaceAll(/\s+/gu, " ").trim();
  const characters = Array.from(line.slice(0, 4 * quotedCharacters));
  return characters.length <= quotedCharacters ? line : `${characters.slice(0, quotedCharacters).join("")}…`;
}
