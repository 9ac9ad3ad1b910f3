// What the command line prints where it cannot be written, in processes of their own.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const module = new URL("../../../../daemon/cli/standard-output.ts", import.meta.url).href;
const program = (act: string): string => `
  import { print, printWhole, watchOutput } from ${JSON.stringify(module)};
  watchOutput();
  ${act}`;
const acts = {
  print: 'print("x".repeat(100_000));',
  printWhole:
    'await printWhole("x".repeat(100_000)).catch((error) => { console.error(error.code); process.exit(1); });',
};

describe("the standard output of the command line", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "output-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** @param before what the shell does first @param to where it goes */
  function run(act: string, before: string, to: string) {
    const args = ["-c", `${before} exec "$0" --input-type=module -e "$1" ${to}`, process.execPath, program(act)];
    return spawnSync("sh", args, { encoding: "utf8", cwd: folder });
  }

  for (const [name, act] of Object.entries(acts)) {
    it(`fails where a file takes a part of it only, or nothing: ${name}`, function () {
      if (process.platform === "win32") this.skip();
      const part = run(act, "ulimit -f 8;", "> file");
      assert.equal(part.status, 1);
      assert.match(part.stderr, /EFBIG/);
      if (!existsSync("/dev/full")) return;
      const full = run(act, "", "> /dev/full");
      assert.equal(full.status, 1);
      assert.match(full.stderr, /ENOSPC/);
    });

    it(`goes out as a whole into a file, a pipe and nowhere: ${name}`, function () {
      if (process.platform === "win32") this.skip();
      for (const to of ["> file; wc -c < file", "| wc -c", "> /dev/null"]) {
        const args = ["-c", `"$0" --input-type=module -e "$1" ${to}`, process.execPath, program(act)];
        const { stdout, stderr } = spawnSync("sh", args, { encoding: "utf8", cwd: folder });
        assert.deepEqual([stdout.trim(), stderr], [to.includes("wc") ? "100000" : "", ""], to);
      }
    });
  }

  it("is no failure where nobody reads any more", function () {
    if (process.platform === "win32") this.skip();
    const endless = 'const more = () => { print("x\\n".repeat(1_000)); setTimeout(more, 1); }; more();';
    const args = ["-c", '("$0" --input-type=module -e "$1"; echo $? > code) | head -1; cat code'];
    const { stdout } = spawnSync("sh", [...args, process.execPath, program(endless)], {
      encoding: "utf8",
      cwd: folder,
    });
    assert.equal(stdout, "x\n0\n");
  });
});
