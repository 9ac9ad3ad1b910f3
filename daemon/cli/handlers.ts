// What does each command of the table.

import type { RunName } from "./arguments.ts";
import { accounts, switchCommand } from "./commands/accounts.ts";
import { deleteCommand, exportCommand, importCommand } from "./commands/archive.ts";
import { deleteMessageCommand, edit } from "./commands/change.ts";
import { completion } from "./commands/completion.ts";
import { address, answer, connect, disconnect, requests, revoke, verify } from "./commands/direct.ts";
import { doctor } from "./commands/doctor.ts";
import { block, online, unblock } from "./commands/people.ts";
import { history, search } from "./commands/read.ts";
import { broadcast, send } from "./commands/send.ts";
import { login, logout, status, stop } from "./commands/session.ts";
import { tail } from "./commands/tail.ts";
import { trust } from "./commands/trust.ts";
import { markReadCommand, mute, unmute, unread } from "./commands/unread.ts";
import type { CliCommand } from "./context.ts";

export const handlers: Readonly<Record<RunName, CliCommand>> = {
  ...{ export: exportCommand, import: importCommand, "delete-conversation": deleteCommand },
  ...{ status, online, send, broadcast, edit, "delete-message": deleteMessageCommand, tail, history, search },
  ...{ unread, "mark-read": markReadCommand, mute, unmute, block, unblock, accounts, switch: switchCommand },
  ...{ login, logout, trust, connect, disconnect, address, verify, requests, answer, revoke, doctor, stop, completion },
};
