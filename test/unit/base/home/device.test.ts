import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityFile } from "../../../../base/tls/identity.ts";
import { Identity } from "../../../../daemon/identity/installation.ts";
import { machineName } from "../../../../daemon/identity/machine-id.ts";

const account = { user: "Ann", server: "127.0.0.1:1" };

describe("which device a home is", () => {
  let base: string;
  let home: string;

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "chat-room-device-"));
    home = join(base, "one");
    mkdirSync(home, { mode: 0o700 });
  });
  afterEach(() => rmSync(base, { recursive: true }));

  /** A daemon of that home on that machine. */
  const started = (folder: string, machine: string | undefined = "machine-1", nowMs = 86_400_000): Identity =>
    new Identity(
      folder,
      () => machine,
      () => nowMs,
    );
  const copy = (from: string, name: string): string => {
    const to = join(base, name);
    const before = process.umask(0o077);
    cpSync(from, to, { recursive: true });
    process.umask(before);
    return to;
  };
  const pin = async (identity: Identity): Promise<string> => (await identity.tls(0)).pin;

  it("is the same after every start, also where it was moved on this machine", async () => {
    const first = started(home);
    const key = await pin(first);
    first.keepSession({ account, token: "t" });
    const moved = join(base, "moved");
    renameSync(home, moved);
    const again = started(moved);
    assert.deepEqual([again.device(), again.own().note, again.session()?.token], [first.device(), undefined, "t"]);
    assert.equal(await pin(again), key);
    assert.ok(existsSync(join(moved, identityFile)));
  });

  it("is another one, signed in nowhere, where the home came from another machine; the old key is kept", async () => {
    const before = started(home);
    const key = await pin(before);
    before.keepSession({ account, token: "t" });
    const there = started(copy(home, "there"), "machine-2");
    const { id, note, isNew } = there.own();
    assert.notEqual(id, before.device());
    assert.equal(isNew, true);
    assert.match(note ?? "", /came here from another machine\. Since 1970-01-02 it is a device of its own, .* compare/);
    assert.notEqual(await pin(there), key);
    assert.deepEqual(there.session(), { account });
    assert.ok(existsSync(join(base, "there", identityFile)));
    const keyFile = join(there.own().folder, identityFile);
    if (process.platform !== "win32") assert.equal(statSync(keyFile).mode & 0o777, 0o600);

    const again = started(join(base, "there"), "machine-2", 2 * 86_400_000);
    assert.deepEqual([again.device(), again.own().note, again.own().isNew], [id, note, false]);
    assert.equal(await pin(again), await pin(there));
  });

  it("is the same one again where a home comes back to a machine that it was on", async () => {
    const first = started(home, "machine-1");
    const one = await pin(first);
    const second = started(home, "machine-2");
    const two = await pin(second);
    second.keepSession({ account, token: "t" });
    for (const [machine, key] of [
      ["machine-1", one],
      ["machine-2", two],
      ["machine-1", one],
    ] as const) {
      const back = started(home, machine);
      assert.equal(await pin(back), key, machine);
      assert.equal(back.session()?.token, "t");
    }
  });

  it("is another one where the home is a copy and the original is still there", async () => {
    const original = started(home);
    const key = await pin(original);
    const clone = copy(home, "two");
    const copied = started(clone);
    assert.notEqual(copied.device(), original.device());
    assert.notEqual(await pin(copied), key);
    assert.match(copied.own().note ?? "", new RegExp(`is a copy of ${home}`));
    assert.equal(started(home).device(), original.device());
    // A copy of the copy too.
    assert.notEqual(started(copy(clone, "three")).device(), copied.device());
  });

  it("is told by nothing where the system does not name its machine, or the file is of before", () => {
    const id = started(home, undefined).device();
    assert.equal(started(home, "machine-1").device(), id);
    assert.equal(started(home, undefined).device(), id);
    writeFileSync(join(home, "device.json"), JSON.stringify({ id: "of-before" }), { mode: 0o600 });
    assert.equal(started(home, "machine-9").device(), "of-before");
    assert.equal(
      (JSON.parse(readFileSync(join(home, "device.json"), "utf8")) as { machine: string }).machine,
      "machine-9",
    );
  });

  it("keeps no more than a few devices of before", () => {
    for (let machine = 0; machine < 20; machine += 1) started(home, `machine-${machine}`).device();
    const { others } = JSON.parse(readFileSync(join(home, "device.json"), "utf8")) as { others: unknown[] };
    assert.equal(others.length, 8);
  });

  it("is asked of this machine by a name that is not the machine's own", () => {
    const name = machineName();
    if (name === undefined) return;
    assert.match(name, /^[\w-]{22}$/);
    assert.equal(machineName(), name);
    if (existsSync("/etc/machine-id")) assert.ok(!readFileSync("/etc/machine-id", "utf8").includes(name));
  });
});
