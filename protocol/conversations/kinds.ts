// All kinds of events in a conversation: what a window asks the daemon about them, and what the page of a chat and its host
// send each other about them. A new kind gets its file in kinds/ and its lines here and in event.ts.

import * as deletion from "./kinds/deletion.ts";
import * as edit from "./kinds/edit.ts";
import * as reaction from "./kinds/reaction.ts";
import * as readMark from "./kinds/read-mark.ts";
import * as text from "./kinds/text.ts";
import * as typing from "./kinds/typing.ts";

/** Everything that the kinds declare; not all of it is a request or a notification. */
export const declarations = { ...text, ...edit, ...deletion, ...reaction, ...readMark, ...typing };

export const toPage = { ...text.toPage, ...edit.toPage, ...readMark.toPage, ...typing.toPage };

export const fromPage = {
  ...text.fromPage,
  ...edit.fromPage,
  ...deletion.fromPage,
  ...reaction.fromPage,
  ...readMark.fromPage,
  ...typing.fromPage,
};
