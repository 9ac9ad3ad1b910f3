import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { groupOf } from "../../../../daemon/peer/denials.ts";
import type { FakeClock } from "../../../support/fake-clock.ts";
import { Peers } from "./peers.ts";
import type { Peer } from "./peers.ts";

describe("a no to direct talk", () => {
  let clock: FakeClock;
  let peers: Peers;
  let alice: Peer;
  let bob: Peer;

  beforeEach(async () => ({ clock, peers, alice, bob } = await Peers.two()));
  afterEach(() => peers.dispose());

  const isAsked = async (from: string, ip?: string): Promise<boolean> => {
    const before = bob.direct.questions.list().length;
    const answered = bob.asked({ from, ...(ip === undefined ? {} : { ip }) });
    await new Promise((resolve) => setImmediate(resolve));
    const asked = bob.direct.questions.list().length > before;
    if (asked) await bob.answer("deny");
    assert.equal((await answered)?.code, "denied");
    return asked;
  };

  it("holds for 30 s, 2 min, 10 min and an hour [B5]", async () => {
    for (const seconds of [30, 120, 600, 3_600, 3_600]) {
      assert.equal(await isAsked("mallory"), true);
      clock.advance(seconds * 1_000 - 1);
      assert.equal(await isAsked("Mallory"), false);
      clock.advance(1);
    }
  });

  it("holds for strangers at the same address, not for people one knows nor on this machine [B5']", async () => {
    bob.written.add("user:carol");
    assert.equal(await isAsked("m1", "2001:db8::1"), true);
    assert.equal(await isAsked("m2", "2001:db8:0:0:1::2"), false);
    assert.equal(await isAsked("m3", "2001:db8:0:1::2"), true);
    assert.equal(await isAsked("carol", "2001:db8::3"), true);
    assert.equal(await isAsked("m4", "127.0.0.1"), true);
    assert.equal(await isAsked("m5", "127.0.0.1"), true);
    assert.equal(groupOf("::ffff:192.0.2.1"), "192.0.2.1");
  });

  it("is also that too many strangers ask from one address: the places of others are kept", async () => {
    const crowd = ["m1", "m2", "m3"].map((from) => bob.asked({ from, ip: "192.0.2.1" }));
    await bob.until("two of them", () => bob.direct.questions.list().length === 2);
    const honest = alice.service.connectDirectly({ user: "bob" }, 1);
    await bob.until("hers", () => bob.direct.questions.list().some(({ user }) => user === "Alice"));
    await bob.direct.close();
    await Promise.all([honest, ...crowd]);
  });

  it("stores nothing of whoever was denied", async () => {
    await alice.meet(bob, "deny");
    assert.equal(bob.direct.keys.get(alice.me.key), undefined);
    assert.equal(existsSync(bob.keysPath), false);
  });

  it("by Stop Asking Me holds after a restart too, until this person asks them", async () => {
    await alice.meet(bob, "stop");
    clock.advance(24 * 3_600_000);
    assert.equal(await isAsked("alice"), false);
    await bob.direct.close();
    bob.direct.open(bob.keysPath);
    assert.equal(existsSync(join(dirname(bob.keysPath), "unasked.json")), true);
    assert.equal(await isAsked("alice"), false);
    const wanted = bob.service.connectDirectly({ user: "Alice" }, 1);
    await alice.answer("deny");
    await wanted;
    assert.equal(await isAsked("alice"), true);
  });
});
