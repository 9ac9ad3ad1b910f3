// The command line `chat-room`: a client of the person's daemon.

import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { startDaemon } from "../client/start-daemon.ts";
import { programVersion } from "../base/version.ts";
import { messageOf } from "../base/error-message.ts";
import { parseArguments } from "./parse/arguments.ts";
import type { Options, RunName } from "./parse/arguments.ts";
import type { ExitCode } from "./commands/command-context.ts";
import { DaemonConnections } from "./connection/daemon-connections.ts";
import { handlers } from "./commands/command-handlers.ts";
import { openOutput } from "./terminal/open-output.ts";
import type { Output } from "./terminal/output.ts";
import { openTerminal } from "./terminal/prompt.ts";
import { usage, usageOfCommand } from "./parse/usage.ts";
import { chooseDaemon } from "./connection/choose-daemon.ts";

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));

async function main(args: readonly string[]): Promise<ExitCode> {
  const parsed = parseArguments(args);
  const json = parsed.kind === "command" ? parsed.options.json : parsed.kind === "wrong" && parsed.json;
  // Sending continues even if nobody reads the output.
  const goesOn = parsed.kind === "command" && (parsed.name === "send" || parsed.name === "broadcast");
  const output = openOutput(json, goesOn);
  switch (parsed.kind) {
    case "help":
      output.raw(parsed.of === undefined ? usage() : usageOfCommand(parsed.of));
      return 0;
    case "version":
      output.raw(`${programVersion}\n`);
      return 0;
    case "wrong":
      output.failure({ code: "bad_request", reason: parsed.reason });
      return 2;
    case "command":
      return await run(parsed.name, parsed.words, parsed.options, output);
  }
}

async function run(name: RunName, words: readonly string[], options: Options, output: Output): Promise<ExitCode> {
  const terminal = openTerminal();
  let daemons: DaemonConnections | undefined;
  /** @throws an error with a sentence */
  const reached = (): DaemonConnections => {
    const whose = chooseDaemon(process.env);
    if ("reason" in whose) throw new Error(whose.reason);
    return (daemons ??= new DaemonConnections(whose, () => startDaemon(daemonScript(), whose.home), output));
  };
  try {
    return await handlers[name]({
      ...{ words, options, output, terminal, clock: systemClock },
      connect: async () => await reached().connect(),
      connectOnly: async () => await reached().connectOnly(),
      untilDaemonEnded: async () => await reached().untilEnded(),
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

/** `daemon.js` beside `cli.js`; when run from source, the daemon's main.ts. */
function daemonScript(): string {
  const own = realpathSync(process.argv[1] ?? "");
  const folder = dirname(own);
  return basename(own).endsWith(".ts") ? join(folder, "..", "daemon", "main.ts") : join(folder, "daemon.js");
}
