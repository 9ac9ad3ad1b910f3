import assert from "node:assert/strict";
import type { FakeClock } from "../../../support/fake-clock.ts";
import { Peers } from "./peers.ts";
import type { Peer } from "./peers.ts";

describe("the port for direct links", () => {
  let clock: FakeClock;
  let peers: Peers;
  let alice: Peer;
  let bob: Peer;

  beforeEach(async () => ({ clock, peers, alice, bob } = await Peers.two("Alice", false)));
  afterEach(() => peers.dispose());

  const isOpen = (peer: Peer): boolean => peer.direct.announcement !== undefined;

  it("is opened at both ends by the first link, and by the yes at the end that is asked [P-4.8]", async () => {
    assert.deepEqual([isOpen(alice), isOpen(bob)], [false, false]);
    const asked = alice.service.connectDirectly({ user: "bob" }, 1);
    await bob.until("a question", () => bob.direct.questions.list().length > 0);
    assert.deepEqual([isOpen(alice), isOpen(bob)], [true, false]);
    await bob.answer("once");
    assert.ok((await asked).ok);
    await alice.linked(bob);
    assert.equal(isOpen(bob), true);
  });

  it("stays closed where the person says no, or nobody asks for a link", async () => {
    const asked = alice.service.peerAddress({ user: "bob" }, 1);
    await bob.answer("deny");
    assert.equal((await asked).ok, false);
    clock.advance(120_000);
    assert.deepEqual([isOpen(alice), isOpen(bob)], [false, false]);
  });

  it("is opened for who only asks for the address, and may have it, before the server gives that out", async () => {
    const asked = alice.service.peerAddress({ user: "bob" }, 1);
    await bob.answer("once");
    const found = await asked;
    assert.ok(found.ok && found.port === bob.port && found.port > 0, JSON.stringify(found));
    assert.equal(isOpen(alice), false);
  });

  it("is open from the sign-in on for a device that need not ask", async () => {
    assert.ok((await alice.meet(bob, "always")).ok);
    await alice.linked(bob);
    await bob.direct.close();
    assert.equal(isOpen(bob), false);
    bob.direct.open(bob.keysPath);
    await bob.until("a listener", () => bob.direct.announcement);
  });

  it("is refused to who was agreed to and blocked while it was being opened", async () => {
    const asked = alice.service.connectDirectly({ user: "bob" }, 1);
    await bob.until("a question", () => bob.direct.questions.list().length > 0);
    const answered = bob.answer("once");
    bob.blocked.add(alice.me.conversation);
    await answered;
    const outcome = await asked;
    assert.equal(outcome.ok ? "ok" : outcome.code, "denied");
  });
});
