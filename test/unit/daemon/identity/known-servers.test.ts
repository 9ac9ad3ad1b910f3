import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KnownServers } from "../../../../daemon/identity/known-servers.ts";
import type { Pin } from "../../../../protocol/pin.ts";

const a = "A".repeat(43) as Pin;
const b = "B".repeat(43) as Pin;

describe("The servers that are known", () => {
  let home: string;
  let path: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "chat-room-known-"));
    path = join(home, "known-servers.json");
  });
  afterEach(() => {
    chmodSync(home, 0o700);
    rmSync(home, { recursive: true });
  });

  it("are kept for later daemons, in a file for the person alone", () => {
    const known = new KnownServers(home);
    assert.equal(known.pinOf("s:1"), undefined);
    known.keep("s:1", a);
    known.keep("s:2", b);
    known.keep("s:1", b);
    const later = new KnownServers(home);
    assert.deepEqual([later.pinOf("s:1"), later.pinOf("s:2"), later.pinOf("__proto__")], [b, b, undefined]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("are not forgotten with a damaged file, which is refused with the way out", () => {
    const known = new KnownServers(home);
    for (const text of ["", "{", "[]", "null", '{"s:1":1}', '{"s:1":"short"}']) {
      writeFileSync(path, text, { mode: 0o600 });
      assert.throws(() => known.pinOf("s:1"), /known-servers\.json is damaged\. Restore it, or remove it/, text);
      assert.throws(() => known.keep("s:2", a), /is damaged/, text);
    }
  });

  it("are refused where others can write them", () => {
    writeFileSync(path, "{}", { mode: 0o666 });
    chmodSync(path, 0o666);
    assert.throws(() => new KnownServers(home).pinOf("s:1"), /chmod 600/);
  });
});
