// What every program does where its output cannot be written, or nobody reads it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { StdioOptions } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cliProgram, daemonProgram, runCli } from "../support/daemon-process.ts";
import { serverProgram } from "../support/server-process.ts";
import { skip } from "../support/skip.ts";

const fullDisk = "/dev/full";

describe("the output of every program", function () {
  this.timeout(60_000);
  let home: string;

  before(async function () {
    if (!existsSync(fullDisk)) skip(this, "there is no /dev/full here");
    home = mkdtempSync(join(tmpdir(), "chat-room-output-"));
    await run([serverProgram, "user", "add", "alice", "--data", data(), "--password-stdin"], "pipe", "secret\n");
  });
  after(async () => {
    await runCli(home, ["stop"]);
    rmSync(home, { recursive: true, force: true });
  });

  const data = (): string => join(home, "server");
  const commands = (): string[][] => [
    ...["--help", "--version", "status", "help", "accounts"].map((name) => [cliProgram, name]),
    [cliProgram, "completion", "bash"],
    ...["--help", "--version"].map((name) => [serverProgram, name]),
    [serverProgram, "user", "list", "--data", data()],
    [serverProgram, "invite", "create", "--data", data()],
    [serverProgram, "invite", "list", "--data", data()],
    [serverProgram, "backup", join(home, `copy-${readdirSync(home).length}`), "--data", data()],
    [daemonProgram, "--help"],
    [daemonProgram, "--version"],
  ];

  /** @param stdout a descriptor, or a pipe that is closed at once */
  async function run(
    args: readonly string[],
    stdout: "pipe" | "closed" | number,
    input = "",
  ): Promise<{ code: number | null; stderr: string }> {
    const stdio: StdioOptions = ["pipe", stdout === "closed" ? "pipe" : stdout, "pipe"];
    const child = spawn(process.execPath, args, { stdio, env: { ...process.env, CHAT_ROOM_HOME: home } });
    let stderr = "";
    if (stdout === "closed") child.stdout?.destroy();
    child.stdout?.resume();
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdin?.on("error", () => undefined).end(input);
    return { code: await new Promise((resolve) => child.once("close", resolve)), stderr };
  }

  const said = (args: readonly string[]): string => args.slice(0, 3).join(" ");

  it("is an error with one sentence where the disk is full", async () => {
    const full = openSync(fullDisk, "w");
    for (const args of commands()) {
      const { code, stderr } = await run(args, full);
      assert.equal(code, 1, said(args));
      assert.match(stderr, /^(chat-room-server: )?The output cannot be written: ENOSPC: .*\.\n$/, said(args));
    }
    closeSync(full);
  });

  it("ends quietly where nobody reads", async () => {
    for (const args of commands()) {
      assert.deepEqual(await run(args, "closed"), { code: 0, stderr: "" }, said(args));
    }
  });

  it("keeps its exit code where the error stream cannot be written, and is never taken for done", async () => {
    for (const [program, code] of [
      [cliProgram, 2],
      [serverProgram, 2],
    ] as const) {
      const full = openSync(fullDisk, "w");
      const child = spawn(process.execPath, [program, "nope"], { stdio: ["ignore", "ignore", full] });
      assert.equal(await new Promise((resolve) => child.once("close", resolve)), code);
      closeSync(full);
    }
  });

  it("is no success where only a part of it found room", async () => {
    for (const [program, args] of [
      [cliProgram, ["--help"]],
      [serverProgram, ["--help"]],
    ] as const) {
      const child = spawn(
        "sh",
        ["-c", 'trap "" XFSZ; ulimit -f 1; exec "$@" > "$0"', join(home, "part"), process.execPath, program, ...args],
        { stdio: ["ignore", "ignore", "pipe"] },
      );
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      assert.equal(await new Promise((resolve) => child.once("close", resolve)), 1);
      assert.match(stderr, /The output cannot be written: EFBIG/);
    }
  });

  it("of a refusal as JSON is JSON", async () => {
    const { code, stderr } = await run([cliProgram, "unread", "--json"], "pipe");
    assert.equal(code, 1);
    assert.equal((JSON.parse(stderr) as { error: { code: string } }).error.code, "not_authenticated");
    const wrong = await run([cliProgram, "nope", "--json"], "pipe");
    assert.equal(wrong.code, 2);
    assert.equal((JSON.parse(wrong.stderr) as { error: { code: string } }).error.code, "bad_request");
  });
});
