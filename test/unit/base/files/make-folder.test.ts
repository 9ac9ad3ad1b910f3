import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../../../../base/files/make-folder.ts";
import { skip } from "../../../support/skip.ts";

const source = fileURLToPath(new URL("../../../../base/files/make-folder.ts", import.meta.url));

describe("making a folder", () => {
  let base: string;
  beforeEach(() => (base = mkdtempSync(join(tmpdir(), "chat-room-make-"))));
  afterEach(() => rmSync(base, { recursive: true }));

  it("makes what is missing, for this user alone, and leaves what is there", () => {
    mkdirSync(join(base, "a"), { mode: 0o755 });
    const folder = join(base, "a", "b", "c");
    makeFolder(folder);
    makeFolder(folder);
    if (process.platform === "win32") return;
    const modes = [join(base, "a"), join(base, "a", "b"), folder].map((each) => statSync(each).mode & 0o777);
    assert.deepEqual(modes, [0o755, 0o700, 0o700]);
  });

  it("fails where a file is in the way", () => {
    writeFileSync(join(base, "file"), "");
    assert.throws(() => makeFolder(join(base, "file", "a")), { code: "ENOTDIR" });
  });

  it("fails at once where the system makes no folders, and does not try for ever", function () {
    if (process.platform !== "linux") skip(this, "only Linux has /proc");
    const script = `
      import { makeFolder } from ${JSON.stringify(source)};
      for (const folder of ["/proc/nope", "/proc/nope/deeper", "/sys/nope"]) {
        try {
          makeFolder(folder);
        } catch (error) {
          process.stdout.write(error.code + " ");
        }
      }
    `;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      timeout: 8_000,
      killSignal: "SIGKILL",
    });
    assert.match(stdout, /^(?:ENOENT|EPERM|EACCES) (?:ENOENT|EPERM|EACCES) (?:ENOENT|EPERM|EACCES) $/);
  });
});
