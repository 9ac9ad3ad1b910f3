// Somebody between two people who are about to talk directly, or do: who answers at the addresses that they were told,
// changes what passes, sends it again, or lies to them about each other's keys in the server's name. No link comes up with
// the wrong one, nothing is said to it, and messages go on through the server [P-6.7].

import assert from "node:assert/strict";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { Chance } from "../../chaos/support/chance.ts";
import { seed } from "../../chaos/support/chaos.ts";
import { strangersIdentity } from "./attacker.ts";
import { tcpImpostor, tlsImpostor } from "./impostors.ts";
import type { Impostor } from "./impostors.ts";
import { Middle } from "./middle.ts";
import type { Neighbour } from "./neighbour.ts";

const mebibyte = 1_024 * 1_024;

describe("somebody between two people who talk directly", function () {
  this.timeout(180_000);
  let middle: Middle;
  let impostors: Impostor[] = [];

  beforeEach(async () => (middle = await Middle.begin(new Chance(seed))));

  afterEach(async () => {
    for (const each of impostors.splice(0)) each.dispose();
    await (middle as Middle | undefined)?.dispose();
  });

  /** At the addresses that `dialler` is told of `wanted`. Who has the other's key and speaks TLS 1.3 would be no impostor. */
  async function everyImpostor(dialler: Neighbour, wanted: Neighbour): Promise<Impostor[]> {
    const stranger = await strangersIdentity();
    const greet = (text: string) => (socket: Socket) => socket.write(text);
    const made = await Promise.all([
      tlsImpostor("a swapped certificate", stranger),
      tlsImpostor("a swapped certificate that asks for none", { ...stranger, requestCert: false }),
      tlsImpostor("the certificate of another contact", middle.carol.identity),
      tlsImpostor("the dialler's own certificate", dialler.identity),
      tlsImpostor("TLS 1.2 with the right key", { ...wanted.identity, ...version("TLSv1.2") }),
      tlsImpostor("TLS 1.1 with the right key", { ...wanted.identity, ...version("TLSv1.1") }),
      tlsImpostor("no certificate", { ...version("TLSv1.2"), ciphers: "aNULL:@SECLEVEL=0" }),
      tcpImpostor("plain JSON", greet('{"result":"ok"}\n{"type":"request","from":"bob"}\n')),
      tcpImpostor("HTTP", greet("HTTP/1.1 200 OK\r\n\r\n")),
      tcpImpostor("silence", () => undefined),
      tcpImpostor("nobody at home", (socket) => socket.destroy()),
      tcpImpostor("noise without end", (socket) => pour(socket, 16 * mebibyte)),
    ]);
    impostors.push(...made);
    return made;
  }

  function assertToldNothing(): void {
    for (const { name, calls, heard } of impostors) {
      assert.ok(calls > 0, `${name} was not even called`);
      assert.equal(heard, "", `what ${name} was told`);
    }
  }

  it("links nobody to an impostor, tells it nothing, and finds the right one among them", async () => {
    const { alice, bob } = middle;
    const forAlice = (await everyImpostor(alice, bob)).map(({ port }) => port);
    const forBob = (await everyImpostor(bob, alice)).map(({ port }) => port);
    middle.tell(alice, ...forAlice);
    middle.tell(bob, ...forBob);
    bob.answer = "once";
    const outcome = await alice.connect(bob);
    assert.ok("why" in outcome, "a link to an impostor");
    assertToldNothing();
    await alice.tell(bob, "through the server");

    middle.tell(alice, ...forAlice, middle.toBob.port);
    await alice.connectWithYes(bob);
    assertToldNothing();
    console.log(`      0 of ${impostors.length} impostors linked or told anything`);
  });

  it("who leads both to themselves, or to another contact of theirs, links nobody", async () => {
    const { alice, bob, carol, toAlice, toBob } = middle;
    for (const person of [alice, bob, carol]) await person.listen();
    bob.answer = "once";
    middle.holdTargets = true;
    for (const [wrongBob, wrongAlice] of [[alice, bob] as const, [carol, carol] as const]) {
      toBob.target = wrongBob.port;
      toAlice.target = wrongAlice.port;
      const opened = toBob.opened + toAlice.opened;
      const outcome = await alice.connect(bob);
      assert.ok("why" in outcome, `a link to ${wrongBob.name} instead of bob`);
      assert.ok(toBob.opened + toAlice.opened >= opened + 2, "both dialled");
      await bob.untilRoute(alice, "server");
    }
    for (const person of [alice, carol]) assert.equal(person.asked.length, 0);
    await alice.tell(bob, "through the server");
  });

  it("who changes a byte anywhere ends the link, and no message", async () => {
    const { alice, bob } = middle;
    const chance = new Chance(seed + 1);
    bob.answer = "always";
    const sent: string[] = [];
    const tookMs: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const begunMs = performance.now();
      const outcome = await alice.connect(bob);
      assert.ok("address" in outcome, JSON.stringify(outcome));
      await Promise.all([alice.untilRoute(bob, "direct"), bob.untilRoute(alice, "direct")]);
      middle.flipBitAfter(chance.between(0, 400));
      for (let count = 0; count < 10; count += 1) {
        const text = `round ${round}, message ${count} ${"x".repeat(100)}`;
        sent.push(text);
        await alice.tell(bob, text);
      }
      assert.ok(middle.flipped, "a bit was flipped");
      tookMs.push(performance.now() - begunMs);
    }
    assert.deepEqual(await bob.texts(alice), sent);
    // A changed length is noticed only when nothing more comes.
    const medianMs = tookMs.sort((left, right) => left - right)[4] ?? Infinity;
    assert.ok(medianMs < 5_000, `${medianMs} ms: the link was not given up at once`);
  });

  it("who sends again what passed before is heard by nobody", async () => {
    const { alice, bob } = middle;
    await alice.connectWithYes(bob);
    for (let count = 0; count < 5; count += 1) await alice.tell(bob, `message ${count}`);
    const before = await bob.texts(alice);
    let replayed = 0;
    for (const proxy of [middle.toBob, middle.toAlice]) {
      for (const { heard } of proxy.passages) {
        const socket = connect(proxy.target, "127.0.0.1");
        socket.on("error", () => undefined);
        socket.resume();
        for (const chunk of heard) socket.write(chunk);
        await new Promise((resolve) => socket.once("close", resolve));
        replayed += 1;
      }
    }
    assert.ok(replayed > 0);
    await alice.tell(bob, "the link stands");
    assert.equal(alice.route(bob)?.kind, "direct");
    assert.deepEqual(await bob.texts(alice), [...before, "the link stands"]);
  });

  it("who lies in the server's name about the key of somebody known is found out, and nothing is dialled", async () => {
    const { alice, bob } = middle;
    await alice.connectWithYes(bob);
    await middle.disconnect();
    const stranger = await strangersIdentity();
    const [impostor] = (impostors = [await tlsImpostor("the server's friend", stranger)]);
    const asked = bob.asked.length;
    for (const person of [alice, bob]) middle.tell(person, impostor?.port ?? 0);
    middle.lieAboutKeys(stranger.pin);
    const outcome = await alice.connect(bob);
    assert.ok("why" in outcome);
    assert.match(outcome.why, /another key|did not agree/);
    const back = await bob.connect(alice);
    assert.ok("why" in back);
    assert.equal(impostor?.calls, 0);
    assert.equal(bob.asked.length, asked, "nobody is asked about a key that is not the known one");
    await alice.tell(bob, "through the server");
    assert.ok([alice.contact(bob), bob.contact(alice)].some((contact) => contact?.key?.changed === stranger.pin));
  });
});

function version(name: "TLSv1.1" | "TLSv1.2"): object {
  return { minVersion: name, maxVersion: name, ciphers: "DEFAULT@SECLEVEL=0" };
}

function pour(socket: Socket, bytes: number): void {
  const chunk = Buffer.alloc(64 * 1_024, 0x16);
  let sent = 0;
  const more = (): void => {
    while (sent < bytes && !socket.destroyed) {
      sent += chunk.length;
      if (!socket.write(chunk)) return;
    }
  };
  socket.on("drain", more);
  more();
}
