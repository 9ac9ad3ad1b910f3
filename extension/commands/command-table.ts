// Every command by its id, with what it does: the one list of them. Titles and where they appear are in package.json;
// a test holds the two together. Argument shapes are said at the functions.

import type { AppContext } from "./app-context.ts";
import { runRegister, runSignIn, runSignOut } from "./account.ts";
import { runMenu, runSignInHere, runSwitchAccount } from "./accounts.ts";
import {
  runAnswerQuestion,
  runConnectDirectly,
  runDisconnectDirectly,
  runRevokeDirect,
  runShowAddress,
} from "./direct.ts";
import { runDoctor } from "./doctor.ts";
import { runClearFilter, runFilterContacts, runNextUnread, runSearch } from "./find.ts";
import { runInvite } from "./invite.ts";
import { runJoin } from "./join.ts";
import {
  runCopyServerAddress,
  runReconnect,
  runRestartDaemon,
  runStartServer,
  runStopServer,
  runTroubleshoot,
} from "./this-machine.ts";
import { onMessage } from "./message-menu.ts";
import { runMarkAllRead, runMarkRead } from "./mark-read.ts";
import { runDeleteConversation } from "./removal.ts";
import { agreedToBlock, runBlock, runMute, runUnblock } from "./people.ts";
import { forEachPerson, forEachSelected, runSendToSelected } from "./selected-contacts.ts";
import { runSendSelection } from "./share.ts";
import { runSetStatus } from "./status.ts";
import { runBroadcast, runOpenChat, runShowOnline } from "./messages.ts";
import { runTrustServer } from "./trust.ts";
import { runVerify } from "./verify.ts";

export type Run = (app: AppContext, ...given: unknown[]) => unknown;

export const commandTable = {
  "chatRoom.signIn": runSignIn,
  "chatRoom.signInHere": runSignInHere,
  "chatRoom.register": runRegister,
  "chatRoom.join": runJoin,
  "chatRoom.invite": runInvite,
  "chatRoom.switchAccount": runSwitchAccount,
  "chatRoom.signOut": runSignOut,
  "chatRoom.menu": runMenu,
  "chatRoom.setStatus": runSetStatus,
  "chatRoom.openChat": forEachSelected(runOpenChat),
  "chatRoom.sendMessage": runSendToSelected,
  "chatRoom.sendSelection": runSendSelection,
  "chatRoom.broadcast": runBroadcast,
  "chatRoom.search": runSearch,
  "chatRoom.nextUnread": runNextUnread,
  "chatRoom.showOnline": runShowOnline,
  "chatRoom.filterContacts": runFilterContacts,
  "chatRoom.clearFilter": runClearFilter,
  "chatRoom.block": forEachPerson(runBlock, agreedToBlock),
  "chatRoom.unblock": forEachPerson(runUnblock),
  "chatRoom.mute": forEachSelected((app, given) => runMute(app, given, true)),
  "chatRoom.unmute": forEachSelected((app, given) => runMute(app, given, false)),
  "chatRoom.markRead": forEachSelected(runMarkRead),
  "chatRoom.markAllRead": runMarkAllRead,
  "chatRoom.deleteConversation": runDeleteConversation,
  "chatRoom.messageReact": onMessage("react"),
  "chatRoom.messageReply": onMessage("reply"),
  "chatRoom.messageEdit": onMessage("edit"),
  "chatRoom.messageCopy": onMessage("copy"),
  "chatRoom.messageUnread": onMessage("unread"),
  "chatRoom.messageLink": onMessage("link"),
  "chatRoom.messageRemove": onMessage("delete"),
  "chatRoom.connectDirectly": runConnectDirectly,
  "chatRoom.disconnectDirectly": runDisconnectDirectly,
  "chatRoom.showAddress": runShowAddress,
  "chatRoom.verify": runVerify,
  "chatRoom.revokeDirect": runRevokeDirect,
  "chatRoom.answerQuestion": runAnswerQuestion,
  "chatRoom.trustServer": runTrustServer,
  "chatRoom.startServer": runStartServer,
  "chatRoom.stopServer": runStopServer,
  "chatRoom.showLog": (app) => app.showLog(),
  "chatRoom.restartDaemon": runRestartDaemon,
  "chatRoom.reconnect": runReconnect,
  "chatRoom.troubleshoot": runTroubleshoot,
  "chatRoom.doctor": runDoctor,
  "chatRoom.copyServerAddress": runCopyServerAddress,
} satisfies Record<`chatRoom.${string}`, Run>;
