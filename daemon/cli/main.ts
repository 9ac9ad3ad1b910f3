// The command line `chat-room`: one more client of the person's daemon.

import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemClock } from "../../base/clock.ts";
import { homeFolder } from "../../base/home.ts";
import { connectOnly, connectOrStart, untilFree } from "../../base/rendezvous/client.ts";
import { spawnDetached } from "../../base/rendezvous/spawn.ts";
import type { Started } from "../../base/rendezvous/spawn.ts";
import { programBuild, programVersion } from "../../base/version.ts";
import { editorProtocol } from "../../protocol/editor/version.ts";
import { messageOf } from "../error-words.ts";
import { parseArguments } from "./arguments.ts";
import type { CommandName } from "./arguments.ts";
import { address, answer, connect, disconnect, requests, revoke, verify } from "./commands/direct.ts";
import { doctor } from "./commands/doctor.ts";
import { block, online, unblock } from "./commands/people.ts";
import { history, search, tail } from "./commands/read.ts";
import { broadcast, send } from "./commands/send.ts";
import { login, logout, status, stop } from "./commands/session.ts";
import { trust } from "./commands/trust.ts";
import type { CliCommand, ExitCode } from "./context.ts";
import { DaemonClient } from "./daemon-client.ts";
import { tellOfOlderDaemon } from "./older-daemon.ts";
import { Output, plain } from "./output.ts";
import { openTerminal } from "./prompt.ts";
import { usage } from "./usage.ts";

const commands: Readonly<Record<CommandName, CliCommand>> = {
  ...{ status, online, send, broadcast, tail, history, search, block, unblock, login, logout, trust, doctor, stop },
  ...{ connect, disconnect, address, verify, requests, answer, revoke },
};

/** Longer than a daemon whose files somebody removed takes until it has made them anew. */
const patienceMs = 35_000;

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
  // Whoever reads our output may stop before its end, as `head` does.
  process.stdout.on("error", () => process.exit(0));
  const output = new Output(parsed.options.json, (stream, text) => {
    (stream === "out" ? process.stdout : process.stderr).write(text);
  });
  const terminal = openTerminal();
  const opened: DaemonClient[] = [];
  const open = (client: DaemonClient): DaemonClient => {
    opened.push(client);
    return client;
  };
  const home = homeFolder(process.env);
  const call = { folder: home, build: programBuild, protocol: editorProtocol };
  const start = (): Promise<Started> => spawnDetached(daemonScript(), [], { ...process.env, CHAT_ROOM_HOME: home });
  try {
    return await commands[parsed.name]({
      words: parsed.words,
      options: parsed.options,
      output,
      terminal,
      clock: systemClock,
      connect: async () => {
        const client = open(new DaemonClient(await connectOrStart({ ...call, start })));
        await tellOfOlderDaemon(client, { home, build: programBuild, clock: systemClock, output });
        return client;
      },
      untilDaemonEnded: () => untilFree(home, patienceMs),
      connectOnly: async () => {
        const socket = await connectOnly({ ...call, deadlineMs: patienceMs });
        return socket && open(new DaemonClient(socket));
      },
      interrupted: () => new Promise((resolve) => process.once("SIGINT", () => resolve())),
    });
  } catch (error) {
    output.failure({ code: "internal", reason: messageOf(error) });
    return 1;
  } finally {
    terminal.close();
    for (const client of opened) client.close();
  }
}

/** `daemon.js` beside `cli.js`; from source, the daemon's main. */
function daemonScript(): string {
  const own = realpathSync(process.argv[1] ?? "");
  const folder = dirname(own);
  return basename(own).endsWith(".ts") ? join(folder, "..", "main.ts") : join(folder, "daemon.js");
}
