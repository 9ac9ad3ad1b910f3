// Draws one row of the timeline. Text of other people becomes text nodes; an address in it becomes an element that asks
// the host to open it, without an `href` that VS Code would follow by itself.

import { codicon, element } from "./dom.ts";
import { linkify } from "./linkify.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";
import type { MessageRow, Row } from "./timeline.ts";

export interface RowActions {
  readonly open: (url: string) => void;
  readonly retry: (mid: string) => void;
}

const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayOfAnotherYear = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

export function drawRow(row: Row, whom: Whom, actions: RowActions): HTMLElement {
  if (row.kind === "day") return separator("day", dayName(row.atMs));
  if (row.kind === "new") return separator("new", texts.newMessages);
  return drawMessage(row, whom, actions);
}

/** Changes whenever the row has to be drawn anew. */
export function signatureOf(row: Row, whom: Whom): string {
  if (row.kind !== "message") return row.key;
  const { message, headed, telling } = row;
  return JSON.stringify([message, headed, telling, message.own ? whom.name : ""]);
}

function drawMessage(row: MessageRow, whom: Whom, actions: RowActions): HTMLElement {
  const { message, headed } = row;
  const at = new Date(message.sentAtMs);
  const state = texts.state(message, whom);
  const classes = ["message", ...(headed ? ["headed"] : []), ...(message.own ? ["own"] : [])].join(" ");
  const label = [message.from, time.format(at), state].filter((part) => part !== "").join(", ");
  const stamp = element(
    "time",
    { class: "time", datetime: at.toISOString(), title: moment.format(at) },
    time.format(at),
  );
  return element(
    "article",
    { class: classes, "aria-label": label, "data-seq": String(message.seq) },
    headed ? element("div", { class: "heading" }, element("bdi", { class: "author" }, message.from), stamp) : stamp,
    drawText(message.text, actions),
    ...(state === "" ? [] : [drawState(row, state, actions)]),
  );
}

function drawText(text: string, actions: RowActions): HTMLElement {
  const drawn = element("div", { class: "text", dir: "auto" });
  for (const segment of linkify(text)) {
    drawn.append(segment.kind === "text" ? segment.text : drawLink(segment.text, actions));
  }
  return drawn;
}

function drawLink(url: string, actions: RowActions): HTMLElement {
  const link = element("span", { class: "link", role: "link", tabindex: "0", title: url }, url);
  link.addEventListener("click", () => actions.open(url));
  link.addEventListener("keydown", (event) => {
    if (event.key === "Enter") actions.open(url);
  });
  return link;
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

function dayName(atMs: number): string {
  const date = new Date(atMs);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return texts.today;
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return texts.yesterday;
  return (date.getFullYear() === today.getFullYear() ? day : dayOfAnotherYear).format(date);
}
