// Takes an earlier message of the same author back. Its place stays.

import { wireKind } from "./kind.ts";

/** What a client shows that does not know deletions. */
export const deletedText = "(deleted)";

export const deletion = wireKind({ ref: "delete", isMessage: false, msg: () => deletedText, body: () => "" });
