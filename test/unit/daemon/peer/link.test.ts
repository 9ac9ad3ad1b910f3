import assert from "node:assert/strict";
import type { LineClient } from "../../../support/line-client.ts";
import type { FakeClock } from "../../../support/fake-clock.ts";
import { Peers } from "./peers.ts";
import type { Peer } from "./peers.ts";

describe("a direct link", () => {
  let clock: FakeClock;
  let peers: Peers;
  let alice: Peer;
  let bob: Peer;

  beforeEach(async () => ({ clock, peers, alice, bob } = await Peers.two()));
  afterEach(() => peers.dispose());

  /** Until that is settled. */
  async function timePasses<T>(promise: Promise<T>): Promise<T> {
    const pending = Symbol("pending");
    for (;;) {
      const found = await Promise.race([promise, Promise.resolve(pending)]);
      if (found !== pending) return found;
      clock.advance(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Bob reaches nobody, so that there is one connection only. */
  function oneDials(): void {
    peers.meddle = (answer, target) => (target === alice ? { ...answer, port: 1, addresses: [] } : answer);
  }

  /** Bob said yes to alice, whose own daemon is this test: it does not dial. */
  async function admitted(): Promise<LineClient> {
    const agreed = bob.asked({ from: "Alice", key: alice.pin });
    await alice.direct.close();
    await bob.answer("once");
    assert.equal(await agreed, undefined);
    const client = await bob.callTls(alice.identity);
    assert.deepEqual(await client.ask({ type: "request", from: "alice" }), { id: "q1", result: "ok" });
    await bob.until("a link", () => bob.direct.links.of(alice.me.key));
    return client;
  }

  it("takes the seed's messages as printed, in the name that belongs to the key [P-6.1]", async () => {
    const client = await admitted();
    client.sendRaw('{"type": "message", "from": "ALICE", "to": "bob", "msg":"messages...", "broadcast": true}\n');
    assert.deepEqual(await client.answer(), { result: "ok" });
    assert.deepEqual(bob.received, [{ type: "message", from: "Alice", to: "bob", msg: "messages..." }]);
  });

  it("refuses what is not that peer's to say, with a code [P-6.7]", async () => {
    const client = await admitted();
    const told = async (line: object): Promise<unknown> => {
      const answer = await client.ask(line);
      assert.equal(answer["result"], answer["reason"]);
      return answer["code"];
    };
    assert.equal(await told({ type: "message", from: "carol", to: "bob", msg: "x" }), "not_you");
    assert.equal(await told({ type: "offline", from: "carol" }), "not_you");
    assert.equal(await told({ type: "signal", from: 7, kind: "typing" }), "not_you");
    assert.equal(await told({ type: "kill", reason: "you have logged in at another place." }), "denied");
    assert.equal(await told({ type: "message", to: "carol", msg: "x" }), "no_such_user");
    assert.equal(await told({ type: "message", msg: "x".repeat(61_439) }), "too_large");
    assert.equal(await told({ type: "online" }), "unknown_type");
    assert.deepEqual(bob.received, []);
    assert.ok(bob.direct.links.of(alice.me.key));
  });

  it("answers requests without ids in their order, though storing takes its time [P-2.2]", async () => {
    const client = await admitted();
    bob.stuck = true;
    client.sendRaw('{"type":"message","msg":"one"}\n{"type":"alive","id":"a"}\n');
    await bob.until("the message", () => bob.received.length === 1);
    assert.deepEqual(client.waitingPushes, []);
  });

  it("shows the peer as offline when it says so, closes, and asks again before the next one [P-6.2]", async () => {
    const client = await admitted();
    client.sendRaw('{"type": "offline", "from": "Alice"}\n');
    assert.deepEqual(await client.answer(), { result: "ok" });
    await client.closed;
    assert.ok(bob.occurred.some((each) => each.kind === "people" && each.people[0]?.state === "offline"));
    const again = await bob.callTls(alice.identity);
    assert.equal((await again.ask({ type: "request", from: "alice" }))["code"], "denied");
  });

  it("tells the peer when the person leaves, and gets its answer first [P-6.2]", async () => {
    oneDials();
    await alice.meet(bob);
    await alice.linked(bob);
    await alice.direct.close();
    await bob.unlinked(alice);
    const route = bob.routeTo(alice);
    assert.equal(route?.kind === "server" && route.why, "Alice went offline.");
  });

  it("is asked for a sign of life every 30 s, and ends without one after 10 s [P-6.8]", async () => {
    const client = await admitted();
    clock.advance(30_000);
    assert.equal((await client.push("alive"))["from"], "bob");
    clock.advance(10_000);
    await client.closed;
    const route = bob.routeTo(alice);
    assert.ok(route?.kind === "server" && route.why.includes("lost"));
  });

  it("ends after 15 minutes without a message, and says that it does [P-6.8]", async () => {
    const client = await admitted();
    client.acknowledges = true;
    for (let beat = 1; beat < 30; beat += 1) {
      clock.advance(30_000);
      await client.push("alive");
      // Behind the answer to it.
      await client.ask({ type: "alive" });
    }
    clock.advance(30_000);
    await client.push("close");
    await client.closed;
    const route = bob.routeTo(alice);
    assert.ok(route?.kind === "server" && route.why.includes("15 minutes"));
  });

  it("is one, the same at both ends, however often both dial at once [P-6.8]", async () => {
    for (let round = 0; round < 12; round += 1) {
      const connect = (one: Peer, other: Peer) => one.service.connectDirectly({ user: other.me.name }, 1);
      const both = await Promise.all([connect(alice, bob), connect(bob, alice)]);
      assert.deepEqual(
        both.map(({ ok }) => ok),
        [true, true],
      );
      await alice.linked(bob);
      const [to, back] = await Promise.all([alice.send(bob, `to ${round}`), bob.send(alice, `back ${round}`)]);
      // One that went on the link that was given up has no answer, and goes again.
      if (to === undefined) assert.ok((await alice.send(bob, `to ${round}`))?.ok);
      if (back === undefined) assert.ok((await bob.send(alice, `back ${round}`))?.ok);
      await alice.service.disconnectDirectly({ user: "bob" }, 1);
      await Promise.all([alice.unlinked(bob), bob.unlinked(alice)]);
    }
  });

  it("that breaks comes back by itself, without the server", async () => {
    oneDials();
    await alice.meet(bob);
    await alice.linked(bob);
    peers.online = false;
    for (let round = 0; round < 3; round += 1) {
      const before = alice.direct.links.of(bob.me.key);
      clock.advance(6_000);
      bob.direct.interrupt();
      await alice.until("the end", () => alice.direct.links.of(bob.me.key) !== before);
      clock.advance(0);
      await alice.linked(bob);
    }
    assert.ok((await alice.send(bob, "again"))?.ok);
  });

  it("is not made where somebody else answers at the address that the server named", async () => {
    const carol = await peers.add("carol");
    peers.meddle = (answer) => ({ ...answer, port: carol.port, addresses: [] });
    const made = alice.meet(bob);
    const outcome = await timePasses(made);
    assert.ok(!outcome.ok && outcome.reason.includes("could not be reached directly"));
    const route = alice.routeTo(bob);
    assert.equal(route?.kind, "server");
    assert.deepEqual(
      [alice, bob, carol].flatMap((each) => each.direct.links.all()),
      [],
    );
  });
});
