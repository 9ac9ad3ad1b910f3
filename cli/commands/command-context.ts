// What a command of the command line gets, and its exit codes.

import type { Clock } from "../../base/clock.ts";
import type { Options } from "../parse/arguments.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
import type { Output } from "../terminal/output.ts";
import type { Terminal } from "../terminal/prompt.ts";

export interface Context {
  readonly words: readonly string[];
  readonly options: Options;
  readonly output: Output;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Connects to the daemon, starting it if none runs. @throws an error with a sentence */
  readonly connect: () => Promise<DaemonConnection>;
  /** Connects without starting one. @returns undefined if no daemon runs @throws an error with a sentence */
  readonly connectOnly: () => Promise<DaemonConnection | undefined>;
  /** Resolves with true once no daemon holds this home; with false if one still does after half a minute. */
  readonly untilDaemonEnded: () => Promise<boolean>;
  /** Resolves when the person interrupts. After this call, an interrupt no longer ends the program by itself. */
  readonly interrupted: () => Promise<void>;
}

/** 0 done, 1 failed, 2 wrong usage, 3 (`--wait`) not sent yet. */
export type ExitCode = 0 | 1 | 2 | 3;

export type CliCommand = (context: Context) => Promise<ExitCode>;
