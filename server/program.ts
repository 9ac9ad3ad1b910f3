// The command line of chat-room-server: finds the command, runs it, and turns its result into an exit code.

import { runBackup } from "./admin/backup.ts";
import { CommandFailure } from "./admin/command-failure.ts";
import { runInviteCommand } from "./admin/invite.ts";
import { runUserCommand } from "./admin/user.ts";
import { readArguments } from "./config/flags.ts";
import { optionNames, switches, UsageError } from "./config/config.ts";
import { help } from "./config/help.ts";
import type { EarlyEvents } from "./operations/early-events.ts";
import { serve } from "./serve.ts";
import { StartFailure } from "./startup/start-errors.ts";
import { NotPrinted, print, write } from "../base/print.ts";
import { programVersion } from "../base/version.ts";
import { withoutHidden } from "../protocol/text/hidden-characters.ts";

/**
 * Runs one command.
 * @param early events from before this program was loaded
 * @returns the exit code: 0 done, 1 failed with a sentence on stderr, 2 not understood, 3 failed until a person has fixed
 * something
 */
export async function run(argv: readonly string[], early: EarlyEvents): Promise<number> {
  // Files that a command writes are private to the server's own user.
  process.umask(0o077);
  try {
    const valued = [...optionNames.filter((name) => !switches.has(name)), "config", "uses", "expires", "server"];
    const { words, flags } = readArguments(argv, valued, [...switches, "help", "version", "password-stdin"]);
    const [command = "serve", ...rest] = words;
    if (command !== "serve") early.release();
    if (flags.has("help") || command === "help") await print(help);
    else if (flags.has("version")) await print(`chat-room-server ${programVersion}\n`);
    else if (command === "backup") await runBackup(rest, flags, process.env);
    else if (command === "user") await runUserCommand(rest, flags, process.env);
    else if (command === "invite") await runInviteCommand(rest, flags, process.env);
    else if (command === "serve" && rest.length === 0) await serve(flags, process.env, early);
    else throw new UsageError(`"${words.join(" ")}" is not a command. See --help.`);
    return 0;
  } catch (error) {
    if (error instanceof NotPrinted) return error.readerGone ? 0 : printError(error.message, 1);
    if (error instanceof UsageError) return printError(error.message, 2);
    if (error instanceof StartFailure || error instanceof CommandFailure) {
      return printError(error.message, error.exitCode);
    }
    throw error;
  }
}

function printError(sentence: string, code: number): number {
  write(2, `chat-room-server: ${withoutHidden(sentence, "\u{fffd}")}\n`, () => undefined);
  return code;
}
