// Maps each command of the table to its handler.

import type { RunName } from "../parse/arguments.ts";
import { accounts, switchCommand } from "./accounts.ts";
import { deleteCommand, exportCommand, importCommand } from "./history-archive.ts";
import { deleteMessageCommand, edit } from "./change-message.ts";
import { completion } from "./shell-completion.ts";
import { address, answer, connect, disconnect, requests, revoke, verify } from "./direct.ts";
import { doctor } from "./doctor.ts";
import { invite } from "./invite.ts";
import { block, online, unblock } from "./people.ts";
import { history, search } from "./history.ts";
import { broadcast, send } from "./send.ts";
import { login, logout, status, stop } from "./session.ts";
import { tail } from "./tail.ts";
import { trust } from "./trust.ts";
import { markReadCommand, mute, unmute, unread } from "./unread.ts";
import type { CliCommand } from "./command-context.ts";

export const handlers: Readonly<Record<RunName, CliCommand>> = {
  ...{ export: exportCommand, import: importCommand, "delete-conversation": deleteCommand },
  ...{ status, online, send, broadcast, edit, "delete-message": deleteMessageCommand, tail, history, search },
  ...{ unread, "mark-read": markReadCommand, mute, unmute, block, unblock, accounts, switch: switchCommand },
  ...{
    invite,
    login,
    logout,
    trust,
    connect,
    disconnect,
    address,
    verify,
    requests,
    answer,
    revoke,
    doctor,
    stop,
    completion,
  },
};
