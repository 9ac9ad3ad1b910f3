// trust, and the question that login asks before it sends anything to a server that nobody met before.

import type { Outcome } from "../../protocol/api/declare.ts";
import { confirmServerKey } from "../../client/confirm-server-key.ts";
import type { ConfirmedServer } from "../../client/confirm-server-key.ts";
import { inspectServer, trustServer } from "../../protocol/api/session.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { formatPin } from "../../protocol/pin.ts";
import type { CliCommand, Context } from "./command-context.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
import { isYes } from "../terminal/prompt.ts";

/** @returns the server's key, right already or confirmed by the person; a refusal where it is neither */
export async function confirmedPin(
  { options, terminal }: Context,
  daemon: DaemonConnection,
  server: string,
): Promise<Outcome<ConfirmedServer>> {
  return await confirmServerKey(daemon, server, options.pin, {
    otherKey: (seen, expected) => otherKey(seen.server, seen.pin, expected),
    async metFirst(seen) {
      const first = `${seen.server} is met for the first time. Its key: ${formatPin(seen.pin)}`;
      if (!terminal.interactive || options.passwordStdin) {
        const how = `Compare it with what whoever runs the server sees there. If it is the same, add --pin ${seen.pin}`;
        return failure("denied", `${first}\n${how}`);
      }
      const answer = await terminal.ask(`${first}\nDoes whoever runs the server see the same there? Trust it? [y/N] `);
      return isYes(answer) ? undefined : failure("denied", "Not trusted; nothing was sent.");
    },
  });
}

/** `trust SERVER [PIN]`: replaces the key that is known, if any. Without PIN the server is asked, and then the person. */
export const trust: CliCommand = async (context) => {
  const { words, connect, output } = context;
  const [server = "", given] = words;
  const daemon = await connect();
  const chosen = given === undefined ? await askedPin(context, daemon, server) : ({ ok: true, pin: given } as const);
  if (!chosen.ok) return output.refused(chosen);
  const outcome = await daemon.request(trustServer, { server, pin: chosen.pin });
  if (!outcome.ok) return output.refused(outcome);
  output.result(`${outcome.server} is trusted with the key ${formatPin(chosen.pin)}`, {
    server: outcome.server,
    pin: chosen.pin,
  });
  return 0;
};

async function askedPin(
  { terminal, output }: Context,
  daemon: DaemonConnection,
  server: string,
): Promise<Outcome<{ pin: string }>> {
  const seen = await daemon.request(inspectServer, { server });
  if (!seen.ok) return seen;
  const { pin, expected, trust: verdict } = seen;
  if (verdict === "trusted") return { ok: true, pin };
  if (verdict === "mismatch" && expected !== undefined) return otherKey(seen.server, pin, expected);
  const lines = `${seen.server}\n  known: ${expected === undefined ? "no key" : formatPin(expected)}\n  shown: ${formatPin(pin)}`;
  if (!terminal.interactive) {
    return failure("denied", `${lines}\nOnly if the shown one is right: chat-room trust ${seen.server} ${pin}`);
  }
  output.hint(lines);
  const answer = await terminal.ask("Does whoever runs the server see the shown one there? Trust it? [y/N] ");
  return isYes(answer) ? { ok: true, pin } : failure("denied", "Nothing was changed.");
}

function otherKey(server: string, shown: string, expected: string): Failure {
  return failure(
    "denied",
    `${server} shows another key than expected. Somebody may be between you and the server, or it was set up anew: ask ` +
      `whoever runs it. Nothing was sent.\nExpected: ${formatPin(expected)}\nShown:    ${formatPin(shown)}\n` +
      `Only if the shown one is right: chat-room trust ${server} ${shown}`,
  );
}
