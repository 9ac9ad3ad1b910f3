// The log of a real process on what a server may be started with: a pipe, a socket and a terminal that nobody reads, a disk that
// is full, a reader that is gone. Each goes on, says what it lost, and ends with exit code 0.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import type { ChildProcess, StdioOptions } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { skip } from "../../../support/skip.ts";

const program = fileURLToPath(new URL("log-process.ts", import.meta.url));
const terminal = fileURLToPath(new URL("../../../support/stopped-terminal.py", import.meta.url));
const has = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

interface Line {
  readonly event: string;
  readonly line?: number;
  readonly count?: number;
  readonly [field: string]: unknown;
}

describe("the log of a process", function () {
  this.timeout(20_000);
  let folder: string;
  let child: ChildProcess;
  let ended: Promise<number | null>;
  let answers: Interface;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "chat-room-log-"))));
  afterEach(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true });
  });

  function start(stderr: StdioOptions[number] & (number | "pipe" | "inherit"), runner: readonly string[] = []): void {
    const [command, ...args] = [...runner, process.execPath, program];
    child = spawn(command, args, { stdio: ["pipe", "pipe", stderr] });
    ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    assert.ok(child.stdout);
    answers = createInterface({ input: child.stdout });
  }

  /** Answered only while the process does not wait for its log. */
  async function tell(word: string): Promise<void> {
    const answer = once(answers, "line");
    child.stdin?.write(`${word}\n`);
    assert.deepEqual(await answer, [word.split(" ")[0]]);
  }

  async function end(): Promise<void> {
    child.stdin?.write("end\n");
    assert.equal(await ended, 0);
  }

  const linesOf = (text: string): Line[] =>
    text
      .split("\n")
      .filter((each) => each !== "")
      .map((each) => JSON.parse(each) as Line);

  /** Every line is there, or was counted as dropped where it would be. */
  function checkWhole(lines: readonly Line[], count: number): void {
    let next = 0;
    for (const { event, line, count: dropped } of lines) {
      if (event === "log_lines_dropped") next += dropped ?? 0;
      else assert.equal(line, next++);
    }
    assert.equal(next, count);
  }

  async function checkGoesOnUnread(): Promise<void> {
    for (let round = 0; round < 5; round += 1) await tell("flood 1000");
    await end();
  }

  function makePipe(): { readonly reader: number; readonly writer: number } {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { reader, writer: openSync(path, constants.O_WRONLY) };
  }

  it("goes on while nobody reads the pipe, and the process ends", async function () {
    if (process.platform === "win32") skip(this, "Windows has no mkfifo");
    const { reader, writer } = makePipe();
    start(writer);
    await checkGoesOnUnread();
    for (const each of [reader, writer]) closeSync(each);
  });

  it("goes on while nobody reads the socket, and the process ends", async () => {
    start("pipe");
    await checkGoesOnUnread();
  });

  it("goes on while the terminal is stopped, and the process ends", async function () {
    if (!has("python3")) skip(this, "there is no python3");
    start("inherit", ["python3", terminal, join(folder, "shown")]);
    await checkGoesOnUnread();
  });

  it("goes on in a terminal of somebody else that is stopped, and the process ends", async function () {
    if (process.getuid?.() !== 0 || !has("python3")) skip(this, "that needs root and python3");
    start("inherit", ["python3", terminal, join(folder, "shown"), "--as-nobody"]);
    await checkGoesOnUnread();
  });

  it("says what was dropped where it is missing, when the pipe is read again", async function () {
    if (process.platform === "win32") skip(this, "Windows has no mkfifo");
    const { reader, writer } = makePipe();
    start(writer);
    closeSync(writer);
    await tell("flood 3000");
    let text = "";
    const chunk = Buffer.alloc(65_536);
    const read = (): void => {
      try {
        for (let bytes = readSync(reader, chunk); bytes > 0; bytes = readSync(reader, chunk)) {
          text += chunk.toString("utf8", 0, bytes);
        }
      } catch (error) {
        assert.match(String(error), /EAGAIN/);
      }
    };
    while (!text.includes("log_lines_dropped")) {
      read();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await tell("flood 5");
    await end();
    read();
    checkWhole(linesOf(text), 3_005);
    closeSync(reader);
  });

  it("says it in a terminal that was stopped for a while too", async function () {
    if (!has("python3")) skip(this, "there is no python3");
    start("inherit", ["python3", terminal, join(folder, "shown")]);
    await tell("flood 3000");
    child.kill("SIGUSR1");
    const shown = (): string => readFileSync(join(folder, "shown"), "utf8");
    while (!shown().includes("log_lines_dropped")) await tell("flood 0");
    await tell("flood 5");
    await end();
    checkWhole(linesOf(shown()), 3_005);
  });

  it("says it when a disk that was full has room again", async function () {
    if (!has("prlimit")) skip(this, "there is no prlimit");
    const path = join(folder, "log");
    const file = openSync(path, "a");
    start(file, ["sh", "-c", 'ulimit -S -f 16; exec "$@"', "sh"]);
    await tell("flood 3000");
    await tell("flood 1000");
    assert.ok(readFileSync(path).length <= 16 * 1_024);
    execFileSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited"]);
    const text = (): string => readFileSync(path, "utf8");
    while (!text().includes("log_lines_dropped")) await tell("flood 0");
    await tell("flood 5");
    await end();
    checkWhole(linesOf(text()), 4_005);
    closeSync(file);
  });

  it("goes on when its reader is gone", async () => {
    start("pipe");
    await tell("flood 1");
    child.stderr?.destroy();
    await checkGoesOnUnread();
  });

  it("is whole in a file, and in one that is read", async () => {
    const path = join(folder, "log");
    const file = openSync(path, "a");
    start(file);
    await tell("flood 500");
    await end();
    checkWhole(linesOf(readFileSync(path, "utf8")), 500);
    closeSync(file);
  });

  it("is one JSON object per line, whatever Node.js has to say", async () => {
    start("pipe");
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (more: string) => (text += more));
    await tell("flood 1");
    await tell("warn");
    await end();
    const lines = linesOf(text);
    assert.deepEqual(
      lines.map(({ event }) => event),
      ["line", "runtime_warning", "runtime_warning"],
    );
    assert.deepEqual([lines[1]?.["text"], lines[2]?.["text"]], ["before the log was there", "after it"]);
  });

  for (const [word, origin, what] of [
    ["crash", "uncaughtException", /this is a bug\n.*log-process\.ts/],
    ["reject", "unhandledRejection", /nobody cares\n.*log-process\.ts/],
  ] as const) {
    it(`has the stack of an error that nobody caught (${origin}), and the process ends with exit code 1`, async () => {
      for (const unread of [false, true]) {
        start("pipe");
        let text = "";
        if (!unread) child.stderr?.setEncoding("utf8").on("data", (more: string) => (text += more));
        await tell("flood 200");
        child.stdin?.write(`${word}\n`);
        assert.equal(await ended, 1);
        if (unread) continue;
        const last = linesOf(text).at(-1);
        assert.deepEqual([last?.event, last?.["level"], last?.["origin"]], ["crashed", "error", origin]);
        assert.match(String(last?.["error"]), what);
      }
    });
  }
});
