// The menu of a message, which VS Code shows over the page of a chat. The page performs the chosen action, as from its own
// toolbar.

import { conversationField } from "../../protocol/conversations/conversation-id.ts";
import type { MessageAction } from "../../protocol/page/page-messages.ts";
import { integer, Invalid, object } from "../../protocol/validate.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";

/** What VS Code passes on from the page: see `menuOf` in webview/timeline-row.ts. */
const context = object({ conversation: conversationField, seq: integer({ min: 1 }) });

/** Does nothing without a message: these commands are not in the palette. */
export function onMessage(action: MessageAction): (app: AppContext, given?: unknown) => void {
  return (app, given) => {
    const read = context.read(given, "");
    if (!(read instanceof Invalid)) app.chooseInPanel(read.conversation, action, read.seq);
  };
}

export const messageReactCommand = command({
  id: "chatRoom.messageReact",
  title: "React",
  description: "Reacts to a message; in its menu only.",
  enablement: "chatRoom.signedIn",
  palette: false,
  menus: { message: { group: "1_talk@1", when: "webviewSection =~ /^chatRoomMessage/" } },
  run: onMessage("react"),
});

export const messageReplyCommand = command({
  id: "chatRoom.messageReply",
  title: "Reply",
  description: "Replies to a message; in its menu only.",
  enablement: "chatRoom.signedIn",
  palette: false,
  menus: { message: { group: "1_talk@2", when: "webviewSection =~ /^chatRoomMessage/" } },
  run: onMessage("reply"),
});

export const messageEditCommand = command({
  id: "chatRoom.messageEdit",
  title: "Edit Message",
  description: "Edits your own message; in its menu only.",
  enablement: "chatRoom.signedIn",
  palette: false,
  menus: { message: { group: "2_own@1", when: "webviewSection == 'chatRoomMessage.own'" } },
  run: onMessage("edit"),
});

export const messageCopyCommand = command({
  id: "chatRoom.messageCopy",
  title: "Copy Message",
  description: "Copies a message; in its menu only.",
  enablement: "chatRoom.readable",
  palette: false,
  menus: { message: { group: "1_talk@3", when: "webviewSection =~ /^chatRoomMessage/" } },
  run: onMessage("copy"),
});

export const messageLinkCommand = command({
  id: "chatRoom.messageLink",
  title: "Copy Link",
  description: "Copies a link to a message; in its menu only.",
  enablement: "chatRoom.readable",
  palette: false,
  menus: { message: { group: "1_talk@4", when: "webviewSection =~ /^chatRoomMessage/" } },
  run: onMessage("link"),
});

export const messageUnreadCommand = command({
  id: "chatRoom.messageUnread",
  title: "Mark Unread from Here",
  description: "Makes a message and all after it unread; in its menu only.",
  enablement: "chatRoom.signedIn",
  palette: false,
  menus: { message: { group: "1_talk@5", when: "webviewSection == 'chatRoomMessage.other'" } },
  run: onMessage("unread"),
});

export const messageRemoveCommand = command({
  id: "chatRoom.messageRemove",
  title: "Delete Message",
  description: "Deletes your own message; in its menu only.",
  enablement: "chatRoom.signedIn",
  palette: false,
  menus: { message: { group: "2_own@2", when: "webviewSection == 'chatRoomMessage.own'" } },
  run: onMessage("delete"),
});
