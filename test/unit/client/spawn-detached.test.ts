import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../../base/home/home.ts";
import { spawnDetached } from "../../../client/spawn-detached.ts";

interface Seen {
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  readonly args: readonly string[];
  readonly folder: string;
}

describe("a process that outlives its starter", () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "chat-room-spawn-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function seenBy(env: Environment): Promise<Seen> {
    const script = join(folder, "script.cjs");
    const said = join(folder, "said.json");
    const found = "{ env: process.env, flags: process.execArgv, args: process.argv.slice(2), folder: process.cwd() }";
    writeFileSync(script, `require("node:fs").writeFileSync(process.argv[2], JSON.stringify(${found}))`);
    const { ended } = await spawnDetached(script, [said], env);
    assert.equal(await ended, 0);
    return JSON.parse(readFileSync(said, "utf8")) as Seen;
  }

  it("runs the script in the person's own folder, as Node wherever that is Electron", async () => {
    const { args, folder: found, env } = await seenBy({ ...process.env, CHAT_ROOM_WORD: "told" });
    assert.deepEqual([args, found], [[join(folder, "said.json")], homedir()]);
    assert.deepEqual([env["ELECTRON_RUN_AS_NODE"], env["CHAT_ROOM_WORD"]], ["1", "told"]);
  });

  it("has neither the secrets of its starter's terminal nor what was meant for its debugger", async () => {
    const given = { GITHUB_TOKEN: "secret", NODE_OPTIONS: "--no-warnings", VSCODE_INSPECTOR_OPTIONS: "{}" };
    const { env } = await seenBy({ ...process.env, ...given });
    for (const name of Object.keys(given)) assert.equal(env[name], undefined, name);
  });

  it("is started where the person's own folder is missing", async () => {
    const before = process.env["HOME"];
    process.env["HOME"] = "/nowhere/at/all";
    try {
      const { folder: found } = await seenBy({ ...process.env, CHAT_ROOM_HOME: folder });
      assert.equal(found, process.platform === "win32" ? homedir() : tmpdir());
    } finally {
      if (before === undefined) delete process.env["HOME"];
      else process.env["HOME"] = before;
    }
  });

  it("is told to give memory back, unless the person said how", async () => {
    const { env, flags } = await seenBy({ ...process.env, MALLOC_ARENA_MAX: "3" });
    assert.deepEqual([env["MALLOC_TRIM_THRESHOLD_"], env["MALLOC_ARENA_MAX"]], ["131072", "3"]);
    assert.deepEqual(flags, ["--max-semi-space-size=2"]);
  });

  it("is refused with a sentence where the script is gone", async () => {
    await assert.rejects(spawnDetached(join(folder, "gone.js"), [], process.env), /is gone\. Reload the window/);
  });
});
