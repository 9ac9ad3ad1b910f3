// Wall clocks that jump by ten days, both ways, on the server and on the daemons, while they run and over a restart: nobody
// is logged out, nothing expires early, and the deadlines of the protocol take as long as before.

import assert from "node:assert/strict";
import { LineClient, signedIn } from "../support/line-client.ts";
import { startChatServer } from "../support/server-process.ts";
import { chaos, report } from "./support/chaos.ts";
import { Ledger } from "./support/ledger.ts";
import { Resident } from "./support/pair.ts";
import { Probe, withEnvironment } from "./support/probed.ts";
import { within } from "./support/until.ts";

const day = 24 * 60 * 60 * 1_000;
const jumps: readonly number[] = [10 * day, -10 * day];

describe("a wall clock that jumps by ten days", () => {
  chaos("ends no session, no token and no letter of the server [P-3.4] [P-3.6] [P-5.3] [P-8.1]", async () => {
    await Promise.all(jumps.map(jumpOfServer));
  });

  chaos("ends no session of a daemon and keeps the order of its history [P-5.6]", async (chance) => {
    const server = await startChatServer();
    const probes = [new Probe(), new Probe()] as const;
    const ledger = new Ledger();
    const join = (name: string, probe: Probe): Promise<Resident> =>
      withEnvironment(probe.env, () => Resident.join(name, server.port, ledger, chance));
    const alice = await join("alice", probes[0]);
    const bob = await join("bob", probes[1]);
    try {
      let states = 0;
      for (const resident of [alice, bob]) resident.onSession = () => (states += 1);
      for (const shiftMs of [...jumps, 0]) {
        for (const [by, to, probe] of [[alice, bob, probes[0]] as const, [bob, alice, probes[1]] as const]) {
          await probe.shiftClock(by.daemon.process.pid, shiftMs);
          const sent = await by.write(to);
          assert.ok(sent);
          await to.view.untilMessage(sent.mid, "received");
          await by.view.untilMessage(sent.mid, "delivered");
        }
      }
      for (const [by, to] of [[alice, bob] as const, [bob, alice] as const]) {
        for (const { own, text } of await to.read(by)) if (!own) ledger.shown(text);
        assert.equal(by.view.session.state, "connected");
      }
      assert.equal(states, 0, "a session changed");
      report(ledger.judge());
    } finally {
      await Promise.all([alice.dispose(), bob.dispose()]);
      await server.dispose();
      for (const probe of probes) probe.dispose();
    }
  });
});

async function jumpOfServer(shiftMs: number): Promise<void> {
  const probe = new Probe();
  let server = await startChatServer({ env: probe.env });
  const { data } = server;
  try {
    const alice = await signedIn(server.port, "alice", { acks: true });
    const carol = await signedIn(server.port, "carol", { acks: true });
    const bob = await LineClient.open(server.port);
    await bob.ask({ type: "register", username: "bob", password: "pw" });
    const { token } = await bob.ask({ type: "auth", username: "bob", password: "pw", acks: true, device: "bob" });
    bob.destroy();
    const silent = await LineClient.open(server.port);
    const openedMs = performance.now();
    await queue(alice, "before");
    await probe.shiftClock(server.process.pid, shiftMs);
    await queue(alice, "after");
    assert.equal((await alice.ask({ type: "message", to: "carol", msg: "x" }))["delivery"], "delivered");
    // By then the server has searched for expired data many times.
    await within("the silent connection is closed", 15_000, silent.closed);
    const silentMs = performance.now() - openedMs;
    assert.ok(silentMs > 9_000 && silentMs < 13_000, `a silent connection lived ${silentMs} ms`);
    for (const client of [alice, carol]) assert.equal((await client.ask({ type: "alive" }))["result"], "ok");
    assert.deepEqual(
      carol.waitingPushes.map(({ type }) => type),
      ["message"],
    );
    await server.stop("SIGKILL");

    server = await startChatServer({ data, env: probe.env });
    const again = await LineClient.open(server.port);
    const answer = await again.ask({ type: "auth", token, acks: true, device: "bob" });
    assert.equal(answer["result"], "ok", "the token ended");
    again.acknowledges = true;
    assert.deepEqual([(await again.push("message"))["msg"], (await again.push("message"))["msg"]], ["before", "after"]);
    again.destroy();
  } finally {
    await server.dispose();
    probe.dispose();
  }
}

async function queue(alice: LineClient, msg: string): Promise<void> {
  assert.equal((await alice.ask({ type: "message", to: "bob", msg }))["delivery"], "queued");
}
