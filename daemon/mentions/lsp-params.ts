// Schemas of the language server protocol parameters that this end uses. The library passes on what it received, so
// everything is validated here.

import { array, boolean, integer, object, optional, string } from "../../protocol/validate.ts";
import { maxDocumentLength } from "../../protocol/api/language.ts";

const uri = string({ min: 1, max: 8_192 });
const count = integer({ min: 0 });
const position = object({ line: count, character: count });
const range = object({ start: position, end: position });

/** Without a range, the text replaces the whole document. */
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

/** From a client without dynamic registration: `{"mentions": true}` as its `initializationOptions`. */
export const askedAtOnce = object({ initializationOptions: object({ mentions: boolean }) });
/** From a client with dynamic registration. */
export const registers = object({
  capabilities: object({
    workspace: object({ didChangeConfiguration: object({ dynamicRegistration: boolean }) }),
  }),
});
/** vscode-languageclient leaves out settings that are off. */
export const configuration = object({
  settings: object({ chatRoom: optional(object({ mentions: optional(boolean) })) }),
});
