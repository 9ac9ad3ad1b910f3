// A message that is about no other one.

import { wireKind } from "./kind.ts";

export const text = wireKind({ ref: undefined, isMessage: true, msg: (body) => body, body: (msg) => msg });
