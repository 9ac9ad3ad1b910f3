// The command line `chat-room`: one more client of the person's daemon.

import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemClock } from "../../base/clock.ts";
import { spawnDetached } from "../../base/rendezvous/spawn.ts";
import { programVersion } from "../../base/version.ts";
import { messageOf } from "../error-words.ts";
import { parseArguments } from "./arguments.ts";
import type { CommandName } from "./arguments.ts";
import { deleteCommand, exportCommand, importCommand } from "./commands/archive.ts";
import { address, answer, connect, disconnect, requests, revoke, verify } from "./commands/direct.ts";
import { doctor } from "./commands/doctor.ts";
import { block, online, unblock } from "./commands/people.ts";
import { history, search, tail } from "./commands/read.ts";
import { broadcast, send } from "./commands/send.ts";
import { login, logout, status, stop } from "./commands/session.ts";
import { trust } from "./commands/trust.ts";
import type { CliCommand, ExitCode } from "./context.ts";
import { Daemons } from "./daemons.ts";
import { Output, plain } from "./output.ts";
import { openTerminal } from "./prompt.ts";
import { print, watchOutput } from "./standard-output.ts";
import { usage } from "./usage.ts";
import { whoseDaemon } from "./whose-daemon.ts";

const commands: Readonly<Record<CommandName, CliCommand>> = {
  ...{ export: exportCommand, import: importCommand, "delete-conversation": deleteCommand },
  ...{ status, online, send, broadcast, tail, history, search, block, unblock, login, logout, trust, doctor, stop },
  ...{ connect, disconnect, address, verify, requests, answer, revoke },
};

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));

async function main(args: readonly string[]): Promise<ExitCode> {
  const parsed = parseArguments(args);
  switch (parsed.kind) {
    case "help":
      process.stdout.write(usage);
      return 0;
    case "version":
      process.stdout.write(`${programVersion}\n`);
      return 0;
    case "wrong":
      process.stderr.write(`${plain(parsed.reason)}\n`);
      return 2;
    case "command":
      break;
  }
  watchOutput();
  const output = new Output(parsed.options.json, (stream, text) => {
    if (stream === "out") print(text);
    else process.stderr.write(text);
  });
  const terminal = openTerminal();
  let daemons: Daemons | undefined;
  try {
    const whose = whoseDaemon(process.env);
    if ("reason" in whose) throw new Error(whose.reason);
    const env = { ...process.env, CHAT_ROOM_HOME: whose.home };
    const reached = new Daemons(whose, () => spawnDetached(daemonScript(), [], env), output);
    daemons = reached;
    return await commands[parsed.name]({
      words: parsed.words,
      options: parsed.options,
      output,
      terminal,
      clock: systemClock,
      connect: () => reached.connect(),
      connectOnly: () => reached.connectOnly(),
      untilDaemonEnded: () => reached.untilEnded(),
      interrupted: () => new Promise((resolve) => process.once("SIGINT", () => resolve())),
    });
  } catch (error) {
    output.failure({ code: "internal", reason: messageOf(error) });
    return 1;
  } finally {
    terminal.close();
    daemons?.close();
  }
}

/** `daemon.js` beside `cli.js`; from source, the daemon's main. */
function daemonScript(): string {
  const own = realpathSync(process.argv[1] ?? "");
  const folder = dirname(own);
  return basename(own).endsWith(".ts") ? join(folder, "..", "main.ts") : join(folder, "daemon.js");
}
