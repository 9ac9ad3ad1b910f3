import assert from "node:assert/strict";
import { LineClient } from "../../../support/line-client.ts";
import type { FakeClock } from "../../../support/fake-clock.ts";
import { Peers } from "./peers.ts";
import type { Peer } from "./peers.ts";

describe("consent to direct talk", () => {
  let clock: FakeClock;
  let peers: Peers;
  let alice: Peer;
  let bob: Peer;

  beforeEach(async () => ({ clock, peers, alice, bob } = await Peers.two()));
  afterEach(() => peers.dispose());

  const connect = (asker: Peer, target: Peer) => asker.service.connectDirectly({ user: target.me.name }, 1);
  const open = (peer: Peer) => peer.direct.questions.list();

  it("asks with name, key and address, and a yes for once makes a link [P-6.3]", async () => {
    const asked = connect(alice, bob);
    const [question] = await bob.until("a question", () => open(bob).length > 0 && open(bob));
    assert.deepEqual(question, {
      ...{ id: "1", user: "Alice", key: alice.pin, ip: "127.0.0.1", vouched: true, keyChanged: false },
      expiresAtMs: clock.nowMs() + 29_500,
    });
    await bob.answer("once");
    const made = await asked;
    assert.ok(made.ok && /^127\.0\.0\.1:\d+$|^\S+:\d+$/.test(made.address));
    await alice.linked(bob);
    assert.equal(alice.routeTo(bob)?.kind, "direct");
    assert.equal(bob.routeTo(alice)?.kind, "direct");
    assert.deepEqual(await bob.service.consents({}, 1), { ok: true, consents: [] });
  });

  it("is over with the link when it was for once, and lasts for a device when it was for always", async () => {
    assert.ok((await alice.meet(bob)).ok);
    await alice.linked(bob);
    await alice.service.disconnectDirectly({ user: "bob" }, 1);
    await bob.unlinked(alice);
    assert.ok((await alice.meet(bob, "always")).ok);
    await alice.linked(bob);
    await alice.service.disconnectDirectly({ user: "bob" }, 1);
    await bob.unlinked(alice);
    assert.ok((await connect(alice, bob)).ok);
    assert.deepEqual(open(bob), []);
    const listed = await bob.service.consents({}, 1);
    assert.deepEqual(listed.ok && listed.consents, [{ user: "Alice", key: alice.pin, sinceMs: clock.nowMs() }]);
  });

  it("is revoked: the link ends, and the person is asked again", async () => {
    await alice.meet(bob, "always");
    await alice.linked(bob);
    await bob.service.revokeConsent({ user: "alice" }, 1);
    await alice.unlinked(bob);
    assert.deepEqual(await bob.service.consents({}, 1), { ok: true, consents: [] });
    const again = connect(alice, bob);
    await bob.answer("deny");
    assert.equal((await again).ok, false);
  });

  it("is denied by a no, and nothing is revealed", async () => {
    const answer = await alice.meet(bob, "deny");
    assert.deepEqual([answer.ok, !answer.ok && answer.code], [false, "denied"]);
    assert.deepEqual(bob.direct.links.all(), []);
    const route = alice.routeTo(bob);
    assert.ok(route?.kind === "server" && route.why !== "");
  });

  it("is denied when nobody answers in time [P-6.3]", async () => {
    const asked = connect(alice, bob);
    await bob.until("a question", () => open(bob).length === 1);
    clock.advance(29_400);
    assert.equal(open(bob).length, 1);
    clock.advance(200);
    const answer = await asked;
    assert.equal(!answer.ok && answer.code, "denied");
    assert.deepEqual(open(bob), []);
  });

  it("with Block blocks the person, who is not asked about any more", async () => {
    const answer = await alice.meet(bob, "block");
    assert.equal(answer.ok, false);
    assert.ok(bob.blocked.has("user:alice"));
    assert.equal((await connect(alice, bob)).ok, false);
    assert.deepEqual(open(bob), []);
  });

  it("ends with a block while a link stands, for always too", async () => {
    await alice.meet(bob, "always");
    await alice.linked(bob);
    bob.blocked.add("user:alice");
    const flags = { blocked: true, muted: false, unread: 0 };
    bob.direct.contactsChanged([{ conversation: "user:alice", name: "Alice", presence: "available", ...flags }]);
    await alice.unlinked(bob);
    assert.deepEqual(await bob.service.consents({}, 1), { ok: true, consents: [] });
  });

  it("is asked once a contact at a time, and of few people at once", async () => {
    const first = bob.asked({ from: "Alice", key: alice.pin });
    await bob.until("a question", () => open(bob).length === 1);
    assert.equal((await bob.asked({ from: "alice", key: alice.pin }))?.code, "denied");
    const others = Array.from({ length: 12 }, (_, index) => bob.asked({ from: `stranger${index}` }));
    await bob.until("few questions", () => open(bob).length === 5);
    bob.written.add("user:carol");
    const known = bob.asked({ from: "carol" });
    await bob.until("one of somebody who is known", () => open(bob).at(-1)?.user === "carol");
    await bob.direct.close();
    const codes = (await Promise.all([first, known, ...others])).map((refused) => refused?.code);
    assert.deepEqual([...new Set(codes)], ["denied"]);
  });

  it("is not needed by people one has written to, where that was chosen", async () => {
    await bob.service.setDirectMode({ mode: "contacts", interfaces: [], port: 0 }, 1);
    const asked = connect(alice, bob);
    await bob.answer("deny");
    assert.equal((await asked).ok, false);
    bob.written.add("user:alice");
    assert.ok((await connect(alice, bob)).ok);
  });

  it("is not asked where direct talk is off: there is no listener, and everything is refused", async () => {
    await alice.meet(bob, "always");
    await alice.linked(bob);
    const { port } = bob;
    await bob.service.setDirectMode({ mode: "off", interfaces: [], port: 0 }, 1);
    await alice.unlinked(bob);
    assert.equal(bob.direct.announcement, undefined);
    await assert.rejects(LineClient.open(port), /ECONNREFUSED/);
    assert.equal((await connect(alice, bob)).ok, false);
    assert.deepEqual(open(bob), []);
    const own = await connect(bob, alice);
    assert.equal(!own.ok && own.code, "no_listener");
  });

  it("of a person who asked oneself needs no question, from both sides at once", async () => {
    const [one, other] = await Promise.all([connect(alice, bob), connect(bob, alice)]);
    assert.ok(one.ok && other.ok);
    assert.deepEqual([...open(alice), ...open(bob)], []);
    await alice.linked(bob);
  });

  it("to an address alone lets nobody in, and asks nobody back [P-4.8]", async () => {
    const asked = alice.service.peerAddress({ user: "bob" }, 1);
    await bob.answer("once");
    const answer = await asked;
    assert.ok(answer.ok && answer.port === bob.port && answer.key === bob.pin && answer.addresses.length > 0);
    await bob.until("no way back", () => bob.routeTo(alice)?.kind === "server");
    assert.deepEqual([...alice.direct.links.all(), ...open(alice)], []);
  });

  it("to an address keeps nobody from asking in earnest right afterwards, or meanwhile [P-4.8]", async () => {
    const asked = alice.service.peerAddress({ user: "bob" }, 1);
    await bob.until("a question", () => open(bob).length === 1);
    const meanwhile = alice.asked({ from: "bob", key: bob.pin });
    await alice.answer("deny");
    assert.equal((await meanwhile)?.code, "denied");
    await bob.answer("once");
    assert.ok((await asked).ok);
    await bob.until("no way back", () => bob.routeTo(alice)?.kind === "server");
    assert.deepEqual(open(alice), []);
    clock.advance(30_000);
    const inEarnest = connect(bob, alice);
    await alice.answer("once");
    assert.ok((await inEarnest).ok);
  });

  it("to an address expects their client back for two seconds only [P-4.8]", async () => {
    bob.direct.connector.connect = () => Promise.resolve({ ok: true, address: "" });
    const asked = alice.service.peerAddress({ user: "bob" }, 1);
    await bob.answer("once");
    assert.ok((await asked).ok);
    clock.advance(2_001);
    const late = alice.asked({ from: "bob", key: bob.pin });
    await alice.answer("deny");
    assert.equal((await late)?.code, "denied");
  });

  it("counts no more when it is given after the account was left", async () => {
    const asked = bob.asked({ from: "Alice", key: alice.pin });
    await bob.until("a question", () => open(bob).length === 1);
    await bob.direct.close();
    assert.equal((await asked)?.code, "denied");
  });
});
