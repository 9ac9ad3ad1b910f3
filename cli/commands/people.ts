// online, block, unblock.

import { blockUser, onlineUsers, unblockUser } from "../../protocol/api/session.ts";
import type { CliCommand } from "./command-context.ts";
import { plainName } from "../terminal/output.ts";

export const online: CliCommand = async ({ connect, output }) => {
  const daemon = await connect();
  await daemon.settledSession();
  const found = await daemon.request(onlineUsers, {});
  if (!found.ok) return output.refused(found);
  output.result(found.users.length === 0 ? "Nobody is online." : found.users.map(plainName).join("\n"), {
    users: found.users,
  });
  return 0;
};

export const block: CliCommand = blocking(blockUser, "Blocked");
export const unblock: CliCommand = blocking(unblockUser, "Unblocked");

function blocking(request: typeof blockUser, done: string): CliCommand {
  return async ({ connect, output, words }) => {
    const [user = ""] = words;
    const daemon = await connect();
    await daemon.settledSession();
    const outcome = await daemon.request(request, { user });
    if (!outcome.ok) return output.refused(outcome);
    output.result(`${done} ${user}.`, { ok: true });
    return 0;
  };
}
