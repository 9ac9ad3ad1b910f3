// Every command by its id, with what it does: the one list of them. Titles and where they appear are in package.json;
// a test holds the two together. Argument shapes are said at the functions.

import type { Desk } from "./desk.ts";
import { runRegister, runSignIn, runSignOut } from "./account.ts";
import {
  runCopyServerAddress,
  runReconnect,
  runRestartDaemon,
  runStartServer,
  runStopServer,
  runTroubleshoot,
} from "./machine.ts";
import { runBlock, runMute, runUnblock } from "./people.ts";
import { runBroadcast, runOpenChat, runSendMessage, runShowOnline } from "./talk.ts";
import { runTrustServer } from "./trust.ts";

export type Run = (desk: Desk, ...given: unknown[]) => unknown;

export const commandTable = {
  "chatRoom.signIn": runSignIn,
  "chatRoom.register": runRegister,
  "chatRoom.signOut": runSignOut,
  "chatRoom.openChat": runOpenChat,
  "chatRoom.sendMessage": runSendMessage,
  "chatRoom.broadcast": runBroadcast,
  "chatRoom.showOnline": runShowOnline,
  "chatRoom.block": runBlock,
  "chatRoom.unblock": runUnblock,
  "chatRoom.trustServer": runTrustServer,
  "chatRoom.startServer": runStartServer,
  "chatRoom.stopServer": runStopServer,
  "chatRoom.showLog": (desk) => desk.showLog(),
  "chatRoom.restartDaemon": runRestartDaemon,
  "chatRoom.reconnect": runReconnect,
  "chatRoom.troubleshoot": runTroubleshoot,
  "chatRoom.copyServerAddress": runCopyServerAddress,
  "chatRoom.mute": (desk, given) => runMute(desk, given, true),
  "chatRoom.unmute": (desk, given) => runMute(desk, given, false),
} satisfies Record<`chatRoom.${string}`, Run>;
