import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendWhole } from "../../../../base/files/append-whole.ts";

describe("a text that is appended to a file", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "append-"));
    path = join(folder, "file");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is in it as a whole", () => {
    const file = openSync(path, "a");
    for (const text of ["one\n", "two 今天\n"]) appendWhole(file, text);
    closeSync(file);
    assert.equal(readFileSync(path, "utf8"), "one\ntwo 今天\n");
  });

  it("is not in it at all where only a part of it has room", function () {
    // The limit of a file's size stands for a full disk: a write takes what fits.
    if (process.platform === "win32") this.skip();
    appendFileSync(path, "before\n");
    const module = new URL("../../../../base/files/append-whole.ts", import.meta.url).href;
    const program = `
      import { openSync } from "node:fs";
      import { appendWhole } from ${JSON.stringify(module)};
      try { appendWhole(openSync(process.argv[1], "a"), "x".repeat(100_000)); } catch (error) { console.log(error.code); }`;
    const args = ["-c", 'ulimit -f 8; exec "$0" "$@"', process.execPath, "--input-type=module", "-e", program, path];
    assert.equal(spawnSync("sh", args, { encoding: "utf8" }).stdout, "EFBIG\n");
    assert.equal(readFileSync(path, "utf8"), "before\n");
  });
});
