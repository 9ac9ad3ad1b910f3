// One run of the chat server as a child process: started, watched until its ready line, stopped by closing the channel to
// it. If this process dies, the channel closes too, which ends the server.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Clock } from "../../base/clock.ts";
import { lastingEnvironment } from "../../base/rendezvous/environment.ts";
import { complaint, lastWords } from "./exit-reason.ts";

export interface ServerChildOptions {
  /** The server's script. */
  readonly script: string;
  readonly data: string;
  /** 0: any free port. */
  readonly port: number;
  readonly clock: Clock;
  /** Receives what it writes to its error stream. */
  readonly log: (text: string) => void;
  /** Called if it ended without being stopped, after it was ready. @param why its own message if there is one */
  onDied(why: string): void;
}

export type Started =
  | { readonly ok: true; readonly child: ServerChild; readonly address: string; readonly port: number }
  /** The server's own message if there is one. */
  | { readonly ok: false; readonly reason: string };

const readyMs = 20_000;
/** The server itself promises to exit within 10 s. */
const stopMs = 12_000;
const lingerMs = 500;
const maxErrorLines = 50;
const readyLine = /listening on (\S*:(\d+))$/;

export class ServerChild {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #stopping = false;

  private constructor(child: ChildProcess, clock: Clock, errors: ErrorLines, onDied: (why: string) => void) {
    this.#child = child;
    this.#clock = clock;
    child.once("close", (code, signal) => {
      if (!this.#stopping) onDied(lastWords(errors.last, code, signal));
    });
  }

  static async start(options: ServerChildOptions): Promise<Started> {
    const args = [options.script, "--host", "127.0.0.1", "--port", String(options.port), "--data", options.data];
    const child = spawn(process.execPath, args, {
      env: { ...lastingEnvironment(process.env), ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      windowsHide: true,
    });
    const errors = new ErrorLines(child, options.log);
    const ready = await awaitReady(child, errors, options.clock);
    if (typeof ready === "string") {
      child.kill("SIGKILL");
      return { ok: false, reason: ready };
    }
    child.stdout?.resume();
    return { ok: true, child: new ServerChild(child, options.clock, errors, (why) => options.onDied(why)), ...ready };
  }

  /** Stops it gracefully; by force if it takes too long. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const deadline = this.#clock.setTimer(stopMs, () => child.kill("SIGKILL"));
      child.once("exit", () => {
        deadline.dispose();
        resolve();
      });
      if (child.connected) child.disconnect();
      else child.kill("SIGTERM");
    });
  }
}

/** The last lines of its error stream. The whole stream goes to the log. */
class ErrorLines {
  readonly last: string[] = [];
  onLine: (line: string) => void = () => undefined;

  constructor(child: ChildProcess, log: (text: string) => void) {
    if (!child.stderr) return;
    createInterface(child.stderr).on("line", (line) => {
      log(`${line}\n`);
      this.last.push(line);
      if (this.last.length > maxErrorLines) this.last.shift();
      this.onLine(line);
    });
  }
}

/** Waits for the ready line. @returns a text that says why there is none */
async function awaitReady(
  child: ChildProcess,
  errors: ErrorLines,
  clock: Clock,
): Promise<{ address: string; port: number } | string> {
  return await new Promise((resolve) => {
    const deadline = clock.setTimer(readyMs, () => resolve("The server did not become ready in time."));
    const done = (result: { address: string; port: number } | string): void => {
      deadline.dispose();
      resolve(result);
    };
    if (child.stdout) {
      createInterface(child.stdout).on("line", (line) => {
        const found = readyLine.exec(line);
        if (found?.[1] !== undefined) done({ address: found[1], port: Number(found[2]) });
      });
    }
    // It has said why it gives up. If it does not exit, nobody waits for it.
    errors.onLine = (line) => {
      if (line.startsWith(complaint)) clock.setTimer(lingerMs, () => done(lastWords(errors.last, null, null)));
    };
    child.once("error", (error) => done(notStarted(error)));
    child.once("close", (code, signal) => done(lastWords(errors.last, code, signal)));
  });
}

function notStarted(error: Error): string {
  if (existsSync(process.execPath)) return `The server could not be started: ${error.message}.`;
  return (
    `The server could not be started: the program that runs it (${process.execPath}) is gone, as after an update of the ` +
    "editor. Restart the daemon (Restart Daemon in the editor, or chat-room stop), then start the server again."
  );
}
