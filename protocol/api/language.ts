// What both ends of a language session agree on beyond the language server protocol.

/** The setting that enables mentions in documents. The daemon registers for it, and for documents only if it is on. */
export const mentionsSetting = "chatRoom.mentions";

/** In UTF-16 units. A longer document is neither sent nor kept, starting with the change that makes it too long. */
export const maxDocumentLength = 1_048_576;
