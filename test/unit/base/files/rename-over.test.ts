import assert from "node:assert/strict";
import { renameOver } from "../../../../base/files/rename-over.ts";

const held = (code: string): Error => Object.assign(new Error(`${code}: not now`), { code });

describe("a file that takes the place of another one", () => {
  const run = (platform: NodeJS.Platform, failures: readonly string[]): { tries: number; waitedMs: number } => {
    const seen = { tries: 0, waitedMs: 0 };
    const rename = (): void => {
      const code = failures[seen.tries];
      seen.tries += 1;
      if (code !== undefined) throw held(code);
    };
    renameOver("from", "to", { platform, rename, pause: (ms) => (seen.waitedMs += ms) });
    return seen;
  };

  it("waits a moment for whoever has the old one open, on Windows", () => {
    assert.deepEqual(run("win32", []), { tries: 1, waitedMs: 0 });
    assert.deepEqual(run("win32", ["EPERM", "EBUSY", "EACCES"]), { tries: 4, waitedMs: 35 });
  });

  it("is given up after a second, and at once where waiting does not help", () => {
    const seen: number[] = [];
    const rename = (): never => {
      throw held("EPERM");
    };
    assert.throws(() => renameOver("from", "to", { platform: "win32", rename, pause: (ms) => seen.push(ms) }), /EPERM/);
    assert.equal(
      seen.reduce((sum, ms) => sum + ms, 0),
      1_000,
    );
    assert.throws(() => run("win32", ["ENOSPC"]), /ENOSPC/);
    assert.throws(() => run("linux", ["EPERM"]), /EPERM/);
  });
});
