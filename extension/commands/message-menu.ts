// The menu of a message, which VS Code shows over the page of a chat: the page does what was chosen, as by its own toolbar.

import { conversationField } from "../../protocol/conversations/conversation-id.ts";
import type { MessageAction } from "../../protocol/page/page-messages.ts";
import { integer, Invalid, object } from "../../protocol/validate.ts";
import type { AppContext } from "./app-context.ts";

/** What VS Code hands on of the page: see `menuOf` in webview/timeline-row.ts. */
const context = object({ conversation: conversationField, seq: integer({ min: 1 }) });

/** Without a message there is nothing to do: these commands are in no palette. */
export function onMessage(action: MessageAction): (app: AppContext, given?: unknown) => void {
  return (app, given) => {
    const read = context.read(given, "");
    if (!(read instanceof Invalid)) app.chooseInPanel(read.conversation, action, read.seq);
  };
}
