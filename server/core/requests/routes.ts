// Every request type of the server, in the order of docs/protocol.md section 4.

import { address } from "../../../protocol/wire/direct.ts";
import { block, blocked, invite, online, presence, unblock, users } from "../../../protocol/wire/people.ts";
import { alive, auth, logout, pins, register } from "../../../protocol/wire/session.ts";
import { broadcast, message, signal } from "../../../protocol/wire/messages.ts";
import { handleAddress } from "../handlers/address.ts";
import { handleInvite } from "../handlers/invite.ts";
import { handleBlock, handleBlocked, handleOnline, handlePresence, handleUsers } from "../handlers/people.ts";
import { handleAlive, handleAuth, handleLogout, handlePins, handleRegister } from "../handlers/session.ts";
import { handleBroadcast, handleMessage, handleSignal } from "../handlers/messages.ts";
import { member, open } from "./route.ts";
import type { Route } from "./route.ts";

export const routes: readonly Route[] = [
  open(auth, handleAuth),
  member(message, handleMessage),
  member(broadcast, handleBroadcast),
  member(online, handleOnline, { classicWithoutFrom: true }),
  member(block, (core, session, params) => handleBlock(core, session, params, true)),
  member(unblock, (core, session, params) => handleBlock(core, session, params, false)),
  member(logout, handleLogout),
  member(address, handleAddress, { refusalAdds: { ip: "null", port: "null" }, haste: "refused" }),
  member(alive, handleAlive, { haste: "free" }),
  open(register, handleRegister),
  open(pins, handlePins),
  member(users, handleUsers, { haste: "refused" }),
  member(blocked, handleBlocked),
  member(presence, handlePresence),
  member(signal, handleSignal),
  member(invite, handleInvite, { haste: "refused" }),
];
