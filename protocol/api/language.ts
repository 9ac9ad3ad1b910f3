// What the ends of a language session agree on beyond the language server protocol itself.

/** The setting that asks for mentions in documents. The daemon registers for it, and for documents only where it is on. */
export const mentionsSetting = "chatRoom.mentions";

/** UTF-16 units. A longer document is neither sent nor kept, from the change on that makes it so long. */
export const maxDocumentLength = 1_048_576;
