// What this end reads of the language server protocol: the parameters it uses, as schemas. The library passes on what
// came; nothing of it is taken unread.

import { array, boolean, integer, object, optional, string } from "../../protocol/validate.ts";
import { maxDocumentLength } from "../../protocol/api/language.ts";

const uri = string({ min: 1, max: 8_192 });
const count = integer({ min: 0 });
const position = object({ line: count, character: count });
const range = object({ start: position, end: position });

/** Without a range it is the whole text. */
export const documentChange = object({ range: optional(range), text: string({ max: 2 * maxDocumentLength }) });

export const didOpen = object({
  textDocument: object({ uri, languageId: string({ max: 256 }), version: integer(), text: string() }),
});
export const didChange = object({
  textDocument: object({ uri, version: integer() }),
  contentChanges: array(documentChange, { max: 100_000 }),
});
export const didClose = object({ textDocument: object({ uri }) });
export const documentPosition = object({ textDocument: object({ uri }), position });

/** What a client asks for that cannot register anything later: `{"mentions": true}` as its `initializationOptions`. */
export const askedAtOnce = object({ initializationOptions: object({ mentions: boolean }) });
/** What a client has that can. */
export const registers = object({
  capabilities: object({
    workspace: object({ didChangeConfiguration: object({ dynamicRegistration: boolean }) }),
  }),
});
/** vscode-languageclient leaves out what is off. */
export const configuration = object({
  settings: object({ chatRoom: optional(object({ mentions: optional(boolean) })) }),
});
