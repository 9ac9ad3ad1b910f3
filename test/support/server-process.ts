// Starts a real chat server as its own process, on a free port of 127.0.0.1 and a data folder of its own, and removes both.
// Runs server/main.ts, or the bundle named by CHAT_ROOM_TEST_SERVER.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface ChatServerOptions {
  /** Flags besides --host, --port and --data. */
  readonly args?: readonly string[];
  /** Added to the environment. Every CHAT_ROOM_SERVER_… variable is removed from it. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder to keep; otherwise one is created, and removed by `dispose`. */
  readonly data?: string;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Whether it gets an IPC channel, as when the daemon starts a server. */
  readonly ipc?: boolean;
  /** Prefix of the command line, such as a `runner` of namespaces.ts. */
  readonly runner?: readonly string[];
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChatServer {
  readonly port: number;
  readonly data: string;
  readonly process: ChildProcess;
  /** Everything it has written so far. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Resolves when the process has ended. */
  readonly ended: Promise<Ended>;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
  /** Ends the process if it is still running, and removes the folder if it was created here. */
  dispose(): Promise<void>;
}

export interface CommandResult extends Ended {
  readonly stdout: string;
  readonly stderr: string;
}

export const serverProgram =
  process.env["CHAT_ROOM_TEST_SERVER"] ?? fileURLToPath(new URL("../../server/main.ts", import.meta.url));
const startMs = 20_000;

/** @throws with the process's output, if it ends or does not become ready in time */
export async function startChatServer(options: ChatServerOptions = {}): Promise<ChatServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "chat-room-server-"));
  const args = ["--port", String(options.port ?? 0), "--data", data, ...(options.args ?? [])];
  const stdio = ["ignore", "pipe", "pipe", ...(options.ipc === true ? (["ipc"] as const) : [])] as const;
  const [command = process.execPath, ...rest] = [...(options.runner ?? []), process.execPath, serverProgram, ...args];
  const child = spawn(command, rest, {
    stdio: [...stdio],
    env: environment(options.env),
  });
  const output = { stdout: "", stderr: "" };
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  // Node.js reports no "close" for a child whose IPC channel was closed by its parent.
  const ended = endOf(child, options.ipc === true ? "exit" : "close");
  const dispose = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
    if (options.data === undefined) rmSync(data, { recursive: true, force: true });
  };
  try {
    const port = await readyPort(child, output, ended);
    const stop = (signal: NodeJS.Signals = "SIGTERM") => {
      child.kill(signal);
      return ended;
    };
    return { port, data, process: child, output, ended, stop, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Runs the program to its end, with `input` as its stdin. */
export async function runServerCommand(
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [serverProgram, ...args], { stdio: "pipe", env: environment(options.env) });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  // A program that ends without reading its input is not an error here.
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  return { ...(await endOf(child)), ...output };
}

function endOf(child: ChildProcess, event: "exit" | "close" = "close"): Promise<Ended> {
  return new Promise((resolve) => {
    child.once(event, (code: number | null, signal: NodeJS.Signals | null) => resolve({ code, signal }));
  });
}

function readyPort(
  child: ChildProcess,
  output: { stdout: string; stderr: string },
  ended: Promise<Ended>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(deadline);
      reject(new Error(`the server ${what}:\n${output.stdout}${output.stderr}`));
    };
    const deadline = setTimeout(() => fail("was not ready in time"), startMs);
    void ended.then(({ code }) => fail(`ended with ${String(code)}`));
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on("line", (line) => {
      output.stdout += `${line}\n`;
      const port = /^chat-room-server listening on .*:(\d+)$/.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(deadline);
      resolve(Number(port));
    });
  });
}

function environment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("CHAT_ROOM_SERVER_"));
  return { ...Object.fromEntries(own), ...added };
}
