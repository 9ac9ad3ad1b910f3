// Draws one row of the timeline: a separator, or a message with its heading, its text and what the kinds of events draw on
// it. draw-text.ts draws the text itself.

import type { ChatMessage } from "../../protocol/api/model.ts";
import { piecesOf } from "../../protocol/text/hidden-characters.ts";
import { keysWrittenIn } from "../../protocol/text/mentions.ts";
import { codicon, element } from "./dom.ts";
import { drawText } from "./draw-text.ts";
import type { TextOptions } from "./draw-text.ts";
import { dayName, fullTime, shortTime } from "./format-time.ts";
import type { PageContext, Setting } from "./kinds/kind.ts";
import { pageKinds } from "./kinds/kinds.ts";
import { texts } from "./texts.ts";
import type { MessageRow, Row } from "./timeline.ts";

/** What rows need from their list. */
export interface RowPlace extends Pick<TextOptions, "later" | "opened" | "toggle"> {
  /** The heights have changed because the width has. */
  readonly rewidened: () => void;
}

export function drawRow(row: Row, page: PageContext, place: RowPlace): HTMLElement {
  if (row.kind === "day") return separator("day", dayName(row.atMs));
  if (row.kind === "new") return separator("new", texts.newMessages);
  const { message, headed } = row;
  const setting = page.setting();
  const classes = ["message", ...(headed ? ["headed"] : []), ...(message.own ? ["own"] : [])].join(" ");
  const marks = pageKinds.flatMap(({ mark }) => mark?.(message) ?? []);
  const way = isIndirect(message, setting.verified) ? texts.via : "";
  const states = pageKinds.map(({ status }) => status?.(message, setting) ?? "");
  const label = [message.from, shortTime(new Date(message.sentAtMs)), ...marks, way, ...states];
  const attributes = { class: classes, tabindex: "-1", "aria-label": label.filter((part) => part !== "").join(", ") };
  return element(
    "article",
    { ...attributes, "data-seq": String(message.seq), ...menuOf(message) },
    ...(headed ? [drawHeading(message, marks, way)] : []),
    ...pageKinds.flatMap(({ drawAbove }) => drawAbove?.(message, page) ?? []),
    ...drawContent(row, marks, page, place),
    ...pageKinds.flatMap(({ drawBelow }) => drawBelow?.(row, page) ?? []),
  );
}

/** Draws a placeholder for a row that could not be drawn. */
export function drawStrange(row: Row): HTMLElement {
  if (row.kind !== "message") return separator(row.kind, texts.unshown);
  const seq = String(row.message.seq);
  return element(
    "article",
    { class: "message headed", tabindex: "-1", "data-seq": seq, "aria-label": texts.unshown },
    element("div", { class: "text deleted" }, codicon("warning"), texts.unshown),
  );
}

/** Changes whenever the row has to be redrawn for a reason other than its message. */
export function signatureOf(row: Row, setting: Setting): string {
  if (row.kind === "day") return dayName(row.atMs); // "today" becomes "yesterday" overnight
  if (row.kind === "new") return row.key;
  const { message, headed } = row;
  const { names, verified } = setting;
  const named = namesIn(message).filter((key) => key === names.own || names.others.has(key));
  const ofKinds = pageKinds.map(({ dependsOn }) => dependsOn?.(row, setting) ?? null);
  return JSON.stringify([headed, named, isIndirect(message, verified), ofKinds]);
}

const keysByMessage = new WeakMap<ChatMessage, readonly string[]>();

/** Returns the keys of possible names in a message; each message is searched once. */
function namesIn(message: ChatMessage): readonly string[] {
  const known = keysByMessage.get(message);
  if (known !== undefined) return known;
  const keys: string[] = [...new Set(keysWrittenIn(message.text))];
  keysByMessage.set(message, keys);
  return keys;
}

function drawHeading(message: ChatMessage, marks: readonly string[], way: string): HTMLElement {
  const drawn = marks.map((words) => element("span", { class: "edited" }, `(${words})`));
  if (way !== "") drawn.push(element("span", { class: "edited", title: texts.notDirect }, way));
  return element("div", { class: "heading" }, name(message.from), timeOf(message), ...drawn);
}

/** Tells VS Code which menu of `webview/context` to show on a right click. */
function menuOf({ seq, conversation, own, state, deleted }: ChatMessage): Record<string, string> {
  if (deleted === true || state === "sending" || state === "failed") return {};
  const context = { webviewSection: own ? "chatRoomMessage.own" : "chatRoomMessage.other", conversation, seq };
  return { "data-vscode-context": JSON.stringify(context) };
}

/** Whether the author's key is verified, but only the server vouches for the message. */
function isIndirect({ own, via }: ChatMessage, verified: string | undefined): boolean {
  return verified !== undefined && !own && via !== verified;
}

function name(from: string): HTMLElement {
  const pieces = piecesOf(from).map((each) =>
    each.kind === "hidden" ? element("span", { class: "hidden-character" }, each.code) : each.text,
  );
  return element("bdi", { class: "author" }, ...pieces);
}

/** Draws when the message was sent, according to its author's clock. */
export function timeOf({ sentAtMs }: ChatMessage): HTMLElement {
  const at = new Date(sentAtMs);
  return element("time", { class: "time", datetime: at.toISOString(), title: fullTime(at) }, shortTime(at));
}

function drawContent(
  { message, headed }: MessageRow,
  marks: readonly string[],
  { post, setting }: PageContext,
  place: RowPlace,
): HTMLElement[] {
  if (message.unreadable === true) {
    return [element("div", { class: "text deleted" }, codicon("warning"), texts.unshown)];
  }
  for (const { drawInstead } of pageKinds) {
    const drawn = drawInstead?.(message);
    if (drawn !== undefined) return drawn;
  }
  const { seq } = message;
  return drawText(message, {
    ...place,
    names: setting().names,
    marks: headed ? [] : marks,
    open: (url) => post({ kind: "open", url }),
    takeCode: isPlaceholder(message)
      ? undefined
      : (block, to, hidden) => post({ kind: "take", seq, block, to, ...(hidden && { hidden }) }),
  });
}

function separator(kind: "day" | "new", words: string): HTMLElement {
  return element(
    "div",
    { class: `separator ${kind}`, role: "separator", "aria-label": words },
    element("span", {}, words),
  );
}

/** Whether the message is still being sent to the daemon, which does not know it yet. */
export function isPlaceholder(message: ChatMessage): boolean {
  return !Number.isInteger(message.seq);
}
