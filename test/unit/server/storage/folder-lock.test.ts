import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFolder } from "../../../../server/storage/folder-lock.ts";

describe("the lock of a data folder", () => {
  it("is one process's at a time, until that gives it back", () => {
    const folder = mkdtempSync(join(tmpdir(), "chat-room-lock-"));
    const lock = lockFolder(folder);
    assert.ok(lock);
    assert.equal(lockFolder(folder), undefined);
    lock.dispose();
    const again = lockFolder(folder);
    assert.ok(again);
    again.dispose();
    rmSync(folder, { recursive: true });
  });
});
