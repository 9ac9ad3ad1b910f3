import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPrivateFile, readPrivateJson, writePrivateFile } from "../../../../base/files/private-file.ts";
import { object, string } from "../../../../protocol/validate.ts";
import { skip } from "../../../support/skip.ts";

const source = fileURLToPath(new URL("../../../../base/files/private-file.ts", import.meta.url));

describe("a private file", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-private-"));
    path = join(folder, "file");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is read back as it was written last, and is missing before that", () => {
    assert.equal(readPrivateFile(path), undefined);
    writePrivateFile(path, "one");
    writePrivateFile(path, "zwei 漢字");
    assert.equal(readPrivateFile(path), "zwei 漢字");
    assert.deepEqual(readdirSync(folder), ["file"]);
  });

  it("is as good as missing where its JSON is damaged or something else than was expected", () => {
    const schema = object({ name: string() });
    for (const text of ["", "{", "[]", '{"name":1}']) {
      writePrivateFile(path, text);
      assert.equal(readPrivateJson(path, schema), undefined);
    }
    writePrivateFile(path, '{"name":"x"}');
    assert.deepEqual(readPrivateJson(path, schema), { name: "x" });
  });

  it("is for its user alone, and refused where it is not, or is none", function () {
    if (process.platform === "win32") skip(this, "Windows has no file modes");
    writePrivateFile(path, "secret");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    symlinkSync(path, join(folder, "link"));
    assert.throws(() => readPrivateFile(join(folder, "link")));
    assert.throws(() => readPrivateFile(folder), /not a file/);
    chmodSync(path, 0o640);
    assert.throws(() => readPrivateFile(path), /chmod 600/);
  });

  it("is closed to its group where that is allowed, and to nobody else's reading", function () {
    if (process.platform === "win32") skip(this, "Windows has no file modes");
    writePrivateFile(path, "secret");
    let closed = 0;
    const read = () => readPrivateFile(path, () => (closed += 1));
    for (const mode of [0o660, 0o640, 0o620]) {
      chmodSync(path, mode);
      assert.equal(read(), "secret");
      assert.equal(statSync(path).mode & 0o777, 0o600);
    }
    assert.equal(read(), "secret");
    assert.equal(closed, 3);
    for (const mode of [0o664, 0o604, 0o602]) {
      chmodSync(path, mode);
      assert.throws(read, /chmod 600/);
      assert.equal(statSync(path).mode & 0o777, mode);
    }
  });

  it("is on disk under its name when the call returns: folder and file are synced, in that order", function () {
    if (spawnSync("strace", ["-V"]).status !== 0) skip(this, "there is no strace");
    const script = `import { writePrivateFile } from ${JSON.stringify(source)}; writePrivateFile(${JSON.stringify(path)}, "x");`;
    const { stderr } = spawnSync(
      "strace",
      ["-f", "-e", "trace=fsync,rename,renameat,renameat2", process.execPath, "--input-type=module", "-e", script],
      { encoding: "utf8" },
    );
    const calls = Array.from(stderr.matchAll(/(fsync|rename)\w*\(/g), ([, call]) => call);
    assert.deepEqual(calls, ["fsync", "rename", "fsync"]);
  });

  it("stays as it was where there is no room for the whole of the new one", function () {
    if (process.platform === "win32") skip(this, "Windows has no ulimit");
    writePrivateFile(path, "old");
    const script = `
      import { writePrivateFile } from ${JSON.stringify(source)};
      try {
        writePrivateFile(${JSON.stringify(path)}, "new ".repeat(10_000));
      } catch (error) {
        process.stdout.write(error.code);
      }
    `;
    // A file may have one block here; what is more is cut off as by a full disk.
    const limited = 'trap "" XFSZ; ulimit -f 1; exec "$0" --input-type=module -e "$1"';
    const { stdout, stderr } = spawnSync("sh", ["-c", limited, process.execPath, script], { encoding: "utf8" });
    assert.equal(stdout, "EFBIG", stderr);
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(folder), ["file"]);
  });
});
