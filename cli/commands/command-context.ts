// What a command of the command line is given, and what it answers.

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
  /** Starts the daemon where none runs. @throws with a sentence */
  readonly connect: () => Promise<DaemonConnection>;
  /** @returns undefined where no daemon runs @throws with a sentence */
  readonly connectOnly: () => Promise<DaemonConnection | undefined>;
  /** Fulfilled when no daemon holds this home; false where one still does after half a minute. */
  readonly untilDaemonEnded: () => Promise<boolean>;
  /** Settles when the person interrupts; from the call on, an interrupt does not end the program by itself. */
  readonly interrupted: () => Promise<void>;
}

/** 0 done, 1 failed, 2 wrong usage, 3 (`--wait`) not sent yet. */
export type ExitCode = 0 | 1 | 2 | 3;

export type CliCommand = (context: Context) => Promise<ExitCode>;
