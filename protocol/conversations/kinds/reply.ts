// A message that quotes an earlier one, of anybody.

import { wireKind } from "./kind.ts";

export const reply = wireKind({ ref: "reply", isMessage: true, msg: (body) => body, body: (msg) => msg });
