// Direct talk between hosts of one's own: what works on a network, what falls back to the server, and that nothing is lost,
// repeated or reordered when a network goes away in the middle of a conversation.

import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { setDirectMode } from "../../../protocol/api/direct.ts";
import { Ledger } from "../../chaos/support/ledger.ts";
import { namespacesUnable } from "../../support/namespaces.ts";
import type { Host } from "../../support/namespaces.ts";
import { skip } from "../../support/skip.ts";
import type { Neighbour } from "./neighbour.ts";
import { Region } from "./region.ts";

describe("direct talk between hosts on networks", function () {
  this.timeout(60_000);
  let region: Region;
  let [aliceHost, bobHost]: [Host, Host] = [undefined as never, undefined as never];
  let [lan, vpn] = [0, 0];

  before(function () {
    const unable = namespacesUnable();
    if (unable !== undefined) skip(this, unable);
  });

  beforeEach(() => {
    region = new Region();
    [lan, vpn] = [region.internet.network(), region.internet.network()];
    [aliceHost, bobHost] = [region.host("alice"), region.host("bob")];
  });

  afterEach(async () => await region.dispose());

  /** Alice and bob on the networks that both are plugged into. */
  async function moveIn(): Promise<[Neighbour, Neighbour]> {
    const alice = await region.moveIn("alice", aliceHost);
    const bob = await region.moveIn("bob", bobHost);
    await Promise.all([alice.untilKnows(bob), bob.untilKnows(alice)]);
    return [alice, bob];
  }

  /** Both on one network. @returns their addresses there */
  function plug(network: number, own: string): [string, string] {
    return [aliceHost.join(network, 11, own), bobHost.join(network, 12, own)];
  }

  it("makes a link in one network, shows its address on both sides, and goes on without the server", async () => {
    const [ofAlice, ofBob] = plug(lan, "lan");
    const [alice, bob] = await moveIn();
    await alice.connectWithYes(bob);
    assert.equal(hostOf((await alice.untilRoute(bob, "direct")).address), ofBob);
    assert.equal(hostOf((await bob.untilRoute(alice, "direct")).address), ofAlice);
    assert.equal(bob.asked.length, 1, "one question");
    assert.equal(alice.asked.length, 0, "whoever asks is not asked back");

    await region.killServer();
    await Promise.all([alice.view.untilState("unreachable"), bob.view.untilState("unreachable")]);
    for (let count = 0; count < 20; count += 1) {
      await alice.tell(bob, `from alice ${count}`);
      await bob.tell(alice, `from bob ${count}`);
    }
    await region.reviveServer();
    await Promise.all([alice.untilConnected(), bob.untilConnected()]);
    await alice.tell(bob, "the server is back");
    assert.equal((await alice.untilRoute(bob, "direct")).kind, "direct", "the link outlived the server");
    const expected = Array.from({ length: 20 }, (_, count) => `from alice ${count}`);
    assert.deepEqual(await bob.texts(alice), [...expected, "the server is back"]);
  });

  it("makes a link where only one of the two can reach the other", async () => {
    const [ofAlice, ofBob] = plug(lan, "lan");
    bobHost.refuseFrom(ofAlice);
    const [alice, bob] = await moveIn();
    await alice.connectWithYes(bob);
    assert.equal(hostOf((await alice.untilRoute(bob, "direct")).address), ofBob);
    await region.killServer();
    await alice.tell(bob, "by the link that you dialled");
    await bob.tell(alice, "so it is");
  });

  it("goes directly to one and through the server to another at once", async () => {
    plug(lan, "lan");
    const carolHost = region.host("carol");
    const [alice, bob] = await moveIn();
    const carol = await region.moveIn("carol", carolHost);
    await Promise.all([alice.untilKnows(carol), carol.untilKnows(alice)]);
    carol.answer = "once";
    const [, outcome] = await Promise.all([alice.connectWithYes(bob), alice.connect(carol)]);
    assert.ok("why" in outcome, "a link to a host without a way to it");
    for (const each of [bob, carol]) {
      await alice.tell(each, `to ${each.name}`);
      await each.tell(alice, `from ${each.name}`);
    }
    assert.deepEqual([alice.route(bob)?.kind, alice.route(carol)?.kind], ["direct", "server"]);
  });

  it("says why there is no link to somebody out of reach, and goes on through the server", async () => {
    const [ofAlice, ofBob] = plug(lan, "lan");
    bobHost.refuseFrom(ofAlice);
    aliceHost.refuseFrom(ofBob);
    const [alice, bob] = await moveIn();
    bob.answer = "once";
    const outcome = await alice.connect(bob);
    assert.ok("why" in outcome, "a link between hosts that cannot reach each other");
    assert.match(outcome.why, /could not be reached directly/);
    assert.equal((await alice.untilRoute(bob, "server")).why, outcome.why);
    await alice.tell(bob, "through the server");
    await bob.tell(alice, "as ever");
  });

  it("goes back to the server when the network is cut in mid-conversation, with nothing lost, repeated or reordered", async () => {
    plug(lan, "lan");
    const [alice, bob] = await moveIn();
    await alice.connectWithYes(bob);
    const ledger = new Ledger();
    let cut = false;
    const writing = [
      [alice, bob],
      [bob, alice],
    ].map(async ([by, to]) => {
      for (let count = 0; by && to && count < 100; count += 1) {
        const line = ledger.write(by.name, to.name);
        const message = await by.write(to, line);
        assert.ok(message);
        ledger.acknowledged(line);
        if (count < 30) await to.view.untilMessage(message.mid, "received");
        else if (!cut) bobHost.down("lan");
        cut ||= count >= 30;
      }
    });
    await Promise.all(writing);
    assert.match((await alice.untilRoute(bob, "server")).why, /./);
    await bob.untilRoute(alice, "server");
    await alice.tell(bob, ledger.write("alice", "bob"));
    await bob.tell(alice, ledger.write("bob", "alice"));
    for (const line of [...(await bob.texts(alice)), ...(await alice.texts(bob))]) ledger.shown(line);
    console.log(`      ${ledger.judge()}`);
  });

  it("finds the way over a second interface, as of a VPN, where the first does not lead there", async () => {
    const [ofAlice, ofBob] = plug(lan, "lan");
    bobHost.refuseFrom(ofAlice);
    aliceHost.refuseFrom(ofBob);
    const [, ofBobInVpn] = plug(vpn, "tun0");
    const [alice, bob] = await moveIn();
    await alice.connectWithYes(bob);
    assert.equal(hostOf((await alice.untilRoute(bob, "direct")).address), ofBobInVpn);
    await region.killServer();
    await alice.tell(bob, "over the VPN");
  });

  it("listens at the chosen interface and at no other", async () => {
    const [, ofBob] = plug(lan, "lan");
    const [, ofBobInVpn] = plug(vpn, "tun0");
    const [alice, bob] = await moveIn();
    await bob.listen();
    const everywhere = await aliceHost.dial(ofBob, bob.port);
    everywhere.destroy();
    const set = await bob.view.client.request(setDirectMode, { mode: "ask", interfaces: ["tun0"], port: 0 });
    assert.ok(set.ok);
    const chosen = await aliceHost.dial(ofBobInVpn, bob.port);
    chosen.destroy();
    await assert.rejects(aliceHost.dial(ofBob, bob.port), /ECONNREFUSED/);
    await bob.view.untilState("connected");
    await alice.connectWithYes(bob);
    const { address } = await alice.untilRoute(bob, "direct");
    // Bob dials too, by whichever way alice can be reached.
    assert.ok([ofBobInVpn, ofBob].includes(hostOf(address)), address);
  });

  it("takes no plain JSON from another host, and says so in one line", async () => {
    const [, ofBob] = plug(lan, "lan");
    const [alice, bob] = await moveIn();
    await bob.listen();
    const requests = [
      { type: "request", from: alice.name },
      { type: "message", from: alice.name, to: bob.name, msg: "plain" },
    ];
    for (const request of requests) {
      const stream = await aliceHost.dial(ofBob, bob.port);
      stream.write(`${JSON.stringify(request)}\n`);
      const lines = (await text(stream)).trim().split("\n");
      assert.equal(lines.length, 1);
      const answer = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
      assert.equal(answer["code"], "bad_request");
      assert.match(String(answer["reason"]), /TLS/);
    }
    assert.equal(bob.asked.length, 0);
    assert.deepEqual(await bob.texts(alice), []);
  });

  it("opens nothing and reveals nothing before the yes", async () => {
    const [ofAlice, ofBob] = plug(lan, "lan");
    bobHost.countFrom(ofAlice);
    aliceHost.countFrom(ofBob);
    const [alice, bob] = await moveIn();
    const outcome = alice.connect(bob);
    const question = await bob.untilAsked(1);
    assert.deepEqual([bobHost.counted(), aliceHost.counted()], [0, 0]);
    assert.ok(await bob.say("deny", question));
    assert.ok("why" in (await outcome));
    await alice.tell(bob, "through the server then");
    assert.deepEqual([bobHost.counted(), aliceHost.counted()], [0, 0], "packets between the two");
    assert.ok("why" in (await alice.connect(bob)));
    assert.deepEqual([bob.asked.length, bobHost.counted()], [1, 0], "a no holds for a while");
    await bob.connectWithYes(alice);
    assert.ok(bobHost.counted() > 0, "the counter counts");
  });
});

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":"));
}
