// Written by `npm run generate`: every command that a file of this folder declares.

import { signInCommand, registerCommand, signOutCommand } from "./account.ts";
import { switchAccountCommand, signInHereCommand, menuCommand } from "./accounts.ts";
import {
  connectDirectlyCommand,
  disconnectDirectlyCommand,
  showAddressCommand,
  revokeDirectCommand,
  answerQuestionCommand,
} from "./direct.ts";
import { doctorCommand } from "./doctor.ts";
import { searchCommand, nextUnreadCommand, filterContactsCommand, clearFilterCommand } from "./find.ts";
import { inviteCommand } from "./invite.ts";
import { joinCommand } from "./join.ts";
import { markReadCommand, markAllReadCommand } from "./mark-read.ts";
import {
  messageReactCommand,
  messageReplyCommand,
  messageEditCommand,
  messageCopyCommand,
  messageLinkCommand,
  messageUnreadCommand,
  messageRemoveCommand,
} from "./message-menu.ts";
import { openChatCommand, broadcastCommand, showOnlineCommand } from "./messages.ts";
import { blockCommand, unblockCommand, muteCommand, unmuteCommand } from "./people.ts";
import { deleteConversationCommand } from "./removal.ts";
import { sendMessageCommand } from "./send-message.ts";
import { sendSelectionCommand } from "./share.ts";
import { setStatusCommand } from "./status.ts";
import {
  startServerCommand,
  stopServerCommand,
  restartDaemonCommand,
  reconnectCommand,
  troubleshootCommand,
  copyServerAddressCommand,
  showLogCommand,
} from "./this-machine.ts";
import { trustServerCommand } from "./trust.ts";
import { verifyCommand } from "./verify.ts";

export const commands = [
  signInCommand,
  registerCommand,
  signOutCommand,
  switchAccountCommand,
  signInHereCommand,
  menuCommand,
  connectDirectlyCommand,
  disconnectDirectlyCommand,
  showAddressCommand,
  revokeDirectCommand,
  answerQuestionCommand,
  doctorCommand,
  searchCommand,
  nextUnreadCommand,
  filterContactsCommand,
  clearFilterCommand,
  inviteCommand,
  joinCommand,
  markReadCommand,
  markAllReadCommand,
  messageReactCommand,
  messageReplyCommand,
  messageEditCommand,
  messageCopyCommand,
  messageLinkCommand,
  messageUnreadCommand,
  messageRemoveCommand,
  openChatCommand,
  broadcastCommand,
  showOnlineCommand,
  blockCommand,
  unblockCommand,
  muteCommand,
  unmuteCommand,
  deleteConversationCommand,
  sendMessageCommand,
  sendSelectionCommand,
  setStatusCommand,
  startServerCommand,
  stopServerCommand,
  restartDaemonCommand,
  reconnectCommand,
  troubleshootCommand,
  copyServerAddressCommand,
  showLogCommand,
  trustServerCommand,
  verifyCommand,
];
