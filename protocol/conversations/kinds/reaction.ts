// One emoji of one person on an earlier message of anybody, and its removal.

import { reactionOf } from "../../text/emoji-key.ts";
import { wireKind } from "./kind.ts";

export const reaction = wireKind({ ref: "react", isMessage: false, msg: (body) => body, body: reactionOf });
export const reactionRemoval = wireKind({ ref: "unreact", isMessage: false, msg: (body) => body, body: reactionOf });
