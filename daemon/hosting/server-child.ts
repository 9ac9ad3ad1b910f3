// One run of the chat server as a child process: started, watched until its ready line, stopped by closing the channel
// to it. The channel also ends it when this process dies, however it dies.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Clock } from "../../base/clock.ts";

export interface ServerChildOptions {
  /** The server's script. */
  readonly script: string;
  readonly data: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly clock: Clock;
  /** It ended without being stopped; called only after it was ready. */
  onDied(): void;
}

export type Started =
  | { readonly ok: true; readonly child: ServerChild; readonly address: string; readonly port: number }
  /** In the server's own words where it had any. */
  | { readonly ok: false; readonly reason: string };

const readyMs = 20_000;
/** The server itself promises to be gone within 10 s. */
const stopMs = 12_000;
const lingerMs = 500;
const maxErrorLines = 50;
/** How the server begins the sentence that says why it does not start. */
const complaint = "chat-room-server: ";
const readyLine = /listening on (\S*:(\d+))$/;

export class ServerChild {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #stopping = false;

  private constructor(child: ChildProcess, clock: Clock, onDied: () => void) {
    this.#child = child;
    this.#clock = clock;
    child.once("exit", () => {
      if (!this.#stopping) onDied();
    });
  }

  static async start(options: ServerChildOptions): Promise<Started> {
    const args = [options.script, "--host", "127.0.0.1", "--port", String(options.port), "--data", options.data];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      windowsHide: true,
    });
    const said = await firstWords(child, options.clock);
    if (typeof said === "string") {
      child.kill("SIGKILL");
      return { ok: false, reason: said };
    }
    child.stdout?.resume();
    child.stderr?.resume();
    return { ok: true, child: new ServerChild(child, options.clock, () => options.onDied()), ...said };
  }

  /** Ends it gracefully; by force if it takes too long. */
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

/** The ready line, or why it never came. */
async function firstWords(child: ChildProcess, clock: Clock): Promise<{ address: string; port: number } | string> {
  const errors: string[] = [];
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
    if (child.stderr) {
      createInterface(child.stderr).on("line", (line) => {
        errors.push(line);
        if (errors.length > maxErrorLines) errors.shift();
        // It said why it gives up; should it linger nevertheless, nobody waits for it.
        if (line.startsWith(complaint)) clock.setTimer(lingerMs, () => done(lastSentence(errors)));
      });
    }
    child.once("error", (error) => done(`The server could not be started: ${error.message}.`));
    child.once("close", () => done(lastSentence(errors)));
  });
}

/** Log lines are JSON objects; a complaint is a plain line. */
function lastSentence(lines: readonly string[]): string {
  const complained = lines.findLast((line) => line.startsWith(complaint))?.slice(complaint.length);
  const plain = lines.findLast((line) => line.trim() !== "" && !line.startsWith("{"));
  return complained ?? plain ?? "The server ended before it was ready.";
}
