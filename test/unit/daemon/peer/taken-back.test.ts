import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import type { LineClient } from "../../../support/line-client.ts";
import type { FakeClock } from "../../../support/fake-clock.ts";
import { Peers } from "./peers.ts";
import type { Peer } from "./peers.ts";

describe("direct talk that somebody takes back", () => {
  let clock: FakeClock;
  let peers: Peers;
  let alice: Peer;
  let bob: Peer;

  beforeEach(async () => ({ clock, peers, alice, bob } = await Peers.two()));
  afterEach(() => peers.dispose());

  const connect = (asker: Peer, target: Peer) => asker.service.connectDirectly({ user: target.me.name }, 1);
  const open = (peer: Peer) => peer.direct.questions.list();
  const asks = (asker: Peer, target: Peer) =>
    target.until(`a question of ${asker.me.name}`, () => open(target).find(({ user }) => user === asker.me.name));

  /** Bob has agreed to alice once: a connection of her device, whose daemon this test plays. */
  async function admitted(): Promise<LineClient> {
    const client = await bob.callTls(alice.identity);
    assert.deepEqual(await client.ask({ type: "request", from: "alice" }), { id: "q1", result: "ok" });
    return client;
  }

  const takingBack: Readonly<Record<string, () => unknown>> = {
    "by a disconnection": () => alice.service.disconnectDirectly({ user: "bob" }, 1),
    "by a block": () => alice.direct.contactsChanged([blocked("bob")]),
  };
  for (const [how, takeBack] of Object.entries(takingBack)) {
    it(`${how} while the other is still asked is not made by their late yes`, async () => {
      const asked = connect(alice, bob);
      await asks(alice, bob);
      takeBack();
      const outcome = await asked;
      assert.equal(!outcome.ok && outcome.code, "denied");
      assert.equal(alice.routeTo(bob)?.kind, "server");
      await bob.answer("once");
      // His client asks back, and hers does not want it any more.
      await alice.answer("deny");
      await bob.until("no way", () => bob.routeTo(alice)?.kind === "server");
      assert.deepEqual([...alice.direct.links.all(), ...bob.direct.links.all()], []);
    });
  }

  it("lets nobody in any more for having been asked before", async () => {
    const asked = connect(alice, bob);
    await asks(alice, bob);
    await alice.service.disconnectDirectly({ user: "bob" }, 1);
    await asked;
    const back = alice.asked({ from: "bob", key: bob.pin });
    await alice.answer("deny");
    assert.equal((await back)?.code, "denied");
  });

  it("is asked about again after a link for once broke, though the same device may come back by itself [P-6.7]", async () => {
    await alice.meet(bob);
    await alice.linked(bob);
    await alice.direct.close();
    await bob.unlinked(alice);
    bob.direct.consent.grant(alice.me, alice.pin as never, false);
    const client = await admitted();
    await bob.until("a link", () => bob.direct.links.of(alice.me.key));
    client.destroy();
    await bob.unlinked(alice);
    const again = bob.asked({ from: "Alice", key: alice.pin });
    await bob.answer("deny");
    assert.equal((await again)?.code, "denied");
    await admitted();
  });

  it("is not agreed to by wanting somebody whose session proves no key, where one is known", async () => {
    await alice.meet(bob);
    await alice.linked(bob);
    await alice.service.disconnectDirectly({ user: "bob" }, 1);
    await bob.unlinked(alice);
    const keyless = alice.asked({ from: "bob" });
    assert.equal((await asks(bob, alice)).keyChanged, true);
    const wanted = connect(alice, bob);
    await asks(alice, bob);
    assert.equal(open(alice).length, 1);
    await alice.answer("deny");
    assert.equal((await keyless)?.code, "denied");
    assert.equal((await alice.asked({ from: "bob" }))?.code, "denied");
    assert.deepEqual(open(alice), []);
    await bob.answer("deny");
    await wanted;
  });

  it("is not agreed to for a key that is not the contact's any more when the yes comes", async () => {
    const carol = await peers.add("carol");
    bob.direct.keys.see(alice.me, alice.pin as never);
    const asked = bob.asked({ from: "Alice", key: alice.pin });
    await asks(alice, bob);
    assert.equal((await bob.asked({ from: "Alice", key: carol.pin }))?.code, "denied");
    await bob.service.acceptKey({ user: "Alice", key: carol.pin }, 1);
    await bob.answer("always");
    assert.equal((await asked)?.code, "denied");
    assert.deepEqual(await bob.service.consents({}, 1), { ok: true, consents: [] });
  });

  it("takes nothing more from any connection of that person, one that another took the place of included", async () => {
    bob.direct.keys.see(alice.me, alice.pin as never);
    bob.direct.consent.grant(alice.me, alice.pin as never, false);
    const replaced = await admitted();
    clock.advance(6_000);
    const present = await admitted();
    await bob.until("the newer link", () => bob.direct.links.of(alice.me.key)?.sinceMs === clock.monotonicMs());
    const left = bob.direct.close();
    for (const client of [replaced, present]) {
      assert.equal((await client.push("offline"))["from"], "bob");
      client.sendRaw('{"type":"message","from":"alice","msg":"late"}\n');
    }
    clock.advance(600);
    await left;
    await Promise.all([replaced.closed, present.closed]);
    assert.deepEqual(bob.received, []);
  });

  it("keeps few connections open that others took the place of", async () => {
    bob.direct.keys.see(alice.me, alice.pin as never);
    bob.direct.consent.grant(alice.me, alice.pin as never, false);
    const opened: LineClient[] = [];
    for (let number = 0; number < 7; number += 1) opened.push(await admitted());
    await Promise.all(opened.slice(0, 2).map(({ closed }) => closed));
  });

  it("by a revocation ends the link also where that cannot be stored, and says so", async () => {
    await alice.meet(bob, "always");
    await alice.linked(bob);
    rmSync(dirname(bob.keysPath), { recursive: true });
    const outcome = await bob.service.revokeConsent({ user: "alice" }, 1);
    assert.ok(!outcome.ok && outcome.code === "unavailable" && /cannot be stored/.test(outcome.reason));
    await alice.unlinked(bob);
  });

  it("is not said to be taken back, or to be none, where nobody is signed in", async () => {
    await bob.direct.close();
    for (const answer of [
      await bob.service.revokeConsent({ user: "alice" }, 1),
      await bob.service.disconnectDirectly({ user: "alice" }, 1),
      await bob.service.consents({}, 1),
    ]) {
      assert.equal(!answer.ok && answer.code, "not_authenticated");
    }
  });

  it("by switching it off is not done any more when it was switched on again meanwhile", async () => {
    bob.direct.keys.see(alice.me, alice.pin as never);
    bob.direct.consent.grant(alice.me, alice.pin as never, false);
    // It does not answer the last word, so that switching off takes its time.
    await admitted();
    const off = bob.service.setDirectMode({ mode: "off", interfaces: [], port: 0 }, 1);
    const on = bob.service.setDirectMode({ mode: "ask", interfaces: [], port: 0 }, 2);
    assert.equal((await on).ok, true);
    clock.advance(600);
    assert.equal((await off).ok, true);
    assert.notEqual(bob.direct.announcement, undefined);
  });
});

function blocked(name: string) {
  const flags = { blocked: true, muted: false, unread: 0 };
  return { conversation: `user:${name}`, name, presence: "available", ...flags } as const;
}
