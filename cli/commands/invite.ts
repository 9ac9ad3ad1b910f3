// invite: creates an invitation.

import { makeInvitation } from "../../protocol/api/session.ts";
import type { CliCommand } from "./command-context.ts";
import { formatTime, plainName } from "../terminal/output.ts";

export const invite: CliCommand = async ({ connect, output, options }) => {
  const daemon = await connect();
  await daemon.settledSession();
  const { uses, days } = options;
  const made = await daemon.request(makeInvitation, {
    ...(uses !== undefined && { uses }),
    ...(days !== undefined && { days }),
  });
  if (!made.ok) return output.refused(made);
  const { link, server, invite: code, expiresAtMs, local } = made;
  const accounts = made.uses === 1 ? "one account" : `${made.uses} accounts`;
  const lines = [
    link,
    `server ${server}`,
    `invitation ${code}`,
    `For ${accounts}, until ${formatTime(expiresAtMs)}; it is not shown again.`,
  ];
  output.result(lines.map(plainName).join("\n"), { link, server, invite: code, uses: made.uses, expiresAtMs });
  if (local) {
    output.hint(
      "This address is this machine itself. For others put in its place the one that they reach the server by.",
    );
  }
  return 0;
};
