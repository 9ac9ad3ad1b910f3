// A second person with a daemon of their own, who uses the command line: for what two daemons do with each other.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extensions } from "vscode";
import type { Server } from "./world.ts";

export interface Said {
  readonly code: number;
  readonly output: string;
  /** What `--json` printed; empty where it was no object. */
  readonly value: Readonly<Record<string, unknown>>;
}

export class Terminal {
  readonly #home = mkdtempSync(join(tmpdir(), "cr-terminal-"));

  /** With a new account, signed in. */
  static async join(server: Server, user: string): Promise<Terminal> {
    const terminal = new Terminal();
    const said = await terminal.say(
      ["login", "--server", server.address, "--user", user, "--register", "--password-stdin"],
      `password of ${user}\n`,
    );
    assert.equal(said.code, 0, said.output);
    return terminal;
  }

  say(words: readonly string[], input = ""): Promise<Said> {
    const program = join(extensions.getExtension("chat-room.chat-room")?.extensionPath ?? "", "dist", "cli.js");
    const env = { ...process.env, CHAT_ROOM_HOME: this.#home, ELECTRON_RUN_AS_NODE: "1" };
    const { promise, resolve } = Promise.withResolvers<Said>();
    const child = execFile(process.execPath, [program, ...words, "--json"], { env }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, output: out + err, value: readObject(out) });
    });
    child.stdin?.end(input);
    return promise;
  }

  async dispose(): Promise<void> {
    await this.say(["stop"]);
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
