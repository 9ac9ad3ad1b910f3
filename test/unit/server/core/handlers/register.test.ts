import assert from "node:assert/strict";
import { errorTable } from "../../../../../protocol/errors.ts";
import { nameComplaints } from "../../../../../protocol/names.ts";
import { Door } from "./door.ts";

const home = { address: "198.51.100.1" };

describe("making an account", () => {
  const refused = async (connector: Door, name: string, invite?: string): Promise<unknown> => {
    const { code, reason } = await connector.register({ ...home }, name, invite);
    return code === undefined ? "ok" : [code, reason];
  };

  it("is refused for a name that is taken, that looks like another's, or that nobody may have [P-3.1, P-4.10]", async () => {
    const connector = new Door();
    for (const name of ["Straße", "Ivan", "alice"]) assert.equal(await refused(connector, name), "ok");
    connector.keys.costs.length = 0;
    assert.deepEqual(await refused(connector, "STRASSE"), ["name_taken", errorTable.name_taken.reason]);
    for (const name of ["аlice", "lvan", "aIice", "іvan"]) {
      assert.deepEqual(await refused(connector, name), ["name_taken", nameComplaints.lookAlike], name);
    }
    assert.deepEqual(await refused(connector, "еveryone"), ["bad_name", nameComplaints.official]);
    assert.deepEqual(await refused(connector, "#room"), ["bad_name", nameComplaints.room]);
    assert.equal(connector.keys.costs.length, 0, "nothing of that cost a hash");
    assert.equal(await refused(connector, "мария"), "ok");
  });

  it("is refused after 100 in an hour from one place, with the time to wait, and not elsewhere [P-8.7]", async () => {
    const connector = new Door();
    for (let account = 0; account < 100; account += 1) await connector.register({ ...home }, `x${account}x`);
    const { code, retryAfterS } = await connector.register({ ...home }, "late");
    assert.deepEqual([code, retryAfterS, connector.accounts.size], ["rate_limited", 36, 100]);
    assert.equal((await connector.register({ address: "203.0.113.7" }, "elsewhere"))["ok"], true);
    assert.equal((await connector.register({ address: "127.0.0.1" }, "operator"))["ok"], true);
    connector.nowMs += 36_000;
    assert.equal(await refused(connector, "late"), "ok");
  });

  it("by invitation is bounded by the invitation alone, and costs nothing without one [P-4.10]", async () => {
    const connector = new Door("invite");
    connector.invites.add("code");
    assert.equal(((await refused(connector, "alice")) as string[])[0], "bad_invite");
    assert.equal(((await refused(connector, "alice", "wrong")) as string[])[0], "bad_invite");
    assert.equal(connector.keys.costs.length, 0);
    for (let account = 0; account < 110; account += 1)
      assert.equal(await refused(connector, `y${account}y`, "code"), "ok");
  });

  it("makes the place known: mistakes at the first sign-in there do not count for the address [P-8.8]", async () => {
    const connector = new Door();
    await connector.register({ ...home }, "alice");
    await connector.auth({ ...home }, { username: "alice", password: "wrong" });
    assert.equal(connector.turns.at(-1)?.kind, "known");
  });

  it("is not worked on, and not counted, for a client that left while it waited [P-8.7]", async () => {
    const connector = new Door();
    const callers = Array.from({ length: 110 }, () => ({ ...home, gone: false }));
    const answers = callers.slice(0, 100).map((caller, index) => connector.register(caller, `z${index}z`));
    for (const caller of callers) caller.gone = true;
    await Promise.all(answers);
    assert.equal(connector.accounts.size, 2);
    assert.equal(await refused(connector, "alice"), "ok");
  });
});
