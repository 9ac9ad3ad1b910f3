// A message that quotes an earlier one, of anybody. It is sent like a text: text.ts.

import { seq } from "../../page/page-fields.ts";
import { object, string } from "../../validate.ts";
import type { WireKind } from "./kind.ts";

export const reply = {
  ref: "reply",
  isMessage: true,
  msg: (body) => body,
  body: (msg) => msg,
} as const satisfies WireKind;

/** In the state of a page: the message that a text replies to, and what the page shows of it. */
export const replyTo = object({ seq, from: string(), text: string() });
