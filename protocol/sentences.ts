// The sentences of refusals that are written down here, word for word, so that a view may translate them: those of the
// error table, those about names, and that of another account's turn. What a server or daemon words by itself is none of
// them and is shown as it came.

import { othersTurn } from "./editor/declare.ts";
import { errorTable } from "./errors.ts";
import { nameComplaints } from "./names.ts";

export const sentences: ReadonlySet<string> = new Set([
  ...Object.values(errorTable).map((row) => row.reason),
  ...Object.values(nameComplaints),
  othersTurn.reason,
]);
