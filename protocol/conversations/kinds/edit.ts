// Another text for an earlier message of the same author. The event itself has no body: the text of a message is in one
// place, the message.

import { wireKind } from "./kind.ts";

export const edit = wireKind({
  ref: "edit",
  isMessage: false,
  msg: (body) => body,
  body: (msg) => (msg.trim() === "" ? undefined : msg),
});
