import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptProgram } from "../../../../daemon/hosting/kept-program.ts";

describe("the program of a hosted server", () => {
  let home: string;
  let script: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "chat-room-programs-"));
    script = join(home, "server.js");
    writeFileSync(script, "// one");
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it("is copied into the home, for its person alone, and started from there after the original went", () => {
    const kept = keptProgram(home, script);
    assert.equal(readFileSync(kept, "utf8"), "// one");
    if (process.platform !== "win32") assert.equal(statSync(kept).mode & 0o777, 0o600);
    rmSync(script);
    assert.equal(keptProgram(home, script), kept);
  });

  it("is the newest one alone", () => {
    const before = keptProgram(home, script);
    writeFileSync(script, "// two");
    const now = keptProgram(home, script);
    assert.notEqual(now, before);
    assert.deepEqual([existsSync(before), readdirSync(join(home, "programs")).length], [false, 1]);
  });

  it("is run from where it is where it is source, or cannot be copied", () => {
    assert.equal(keptProgram(home, "/x/server/main.ts"), "/x/server/main.ts");
    writeFileSync(join(home, "programs"), "in the way");
    assert.equal(keptProgram(home, script), script);
  });

  it("is said to be gone where there is no copy either", () => {
    assert.throws(() => keptProgram(home, join(home, "gone.js")), /an update has removed it\. Restart the daemon/);
  });
});
