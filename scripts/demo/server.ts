// The demo's server: the real one, on loopback, with its data in a folder that the next start uses again.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { defaultPort } from "../../protocol/server-address.ts";
import { root } from "../run.ts";

const serverFile = join(root, "dist", "server.js");

export interface DemoServer {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Asks it to stop and waits until it has. Idempotent. */
  dispose(): Promise<void>;
}

/** Starts on the usual port, or on a free one if that is taken. */
export async function startDemoServer(data: string): Promise<DemoServer> {
  try {
    return await startOn(defaultPort, data);
  } catch {
    return startOn(0, data);
  }
}

async function startOn(port: number, data: string): Promise<DemoServer> {
  const child = spawn(process.execPath, [serverFile, "serve", "--port", String(port), "--data", data], {
    // If this process dies in any way, the channel closes and the server stops.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Ctrl+C reaches a terminal's whole process group; the server is stopped after its clients have gone.
    detached: process.platform !== "win32",
  });
  const [, output, errors] = child.stdio as [null, Readable, Readable, unknown, unknown];
  const ended = new Promise<string>((resolve) => {
    let words = "";
    errors.on("data", (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2_000)));
    child.once("exit", () => resolve(words));
  });
  const address = new Promise<string>((resolve) => {
    createInterface(output).on("line", (line) => {
      const found = /^chat-room-server listening on (\S+)$/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const failed = ended.then((words) => Promise.reject(new Error(`The server did not start:\n${words}`)));
  failed.catch(() => undefined);
  return { address: await Promise.race([address, failed]), dispose: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await exited;
}
