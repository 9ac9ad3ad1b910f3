// The way to a server whose key has changed, over real TLS: it is followed by the old key's word, and by nothing else.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../../base/clock.ts";
import { createLog } from "../../../../base/log.ts";
import type { TlsIdentity } from "../../../../base/tls/identity.ts";
import { signNextPin } from "../../../../base/tls/succession.ts";
import { KnownServers } from "../../../../daemon/identity/known-servers.ts";
import type { ServerAddress } from "../../../../daemon/connection/server-address.ts";
import { LineClient } from "../../../../daemon/connection/line-client.ts";
import { TlsConnector } from "../../../../daemon/connection/tls-connector.ts";
import type { PinStatement } from "../../../../protocol/wire/session.ts";
import type { Pin } from "../../../../protocol/pin.ts";
import { makeCertificate } from "../../../support/certificates.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { KeyServer } from "./key-server.ts";

describe("A server whose key has changed [P-1.11]", () => {
  let home: string;
  let known: KnownServers;
  let connector: TlsConnector;
  let server: KeyServer;
  let address: ServerAddress;
  let logged: string;
  let a: TlsIdentity, b: TlsIdentity, c: TlsIdentity;

  before(async () => {
    [a, b, c] = await Promise.all([makeCertificate(), makeCertificate(), makeCertificate()]);
  });
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "chat-room-door-"));
    known = new KnownServers(home);
    logged = "";
    const log = createLog("info", systemClock, (line) => (logged += line));
    connector = new TlsConnector({ clock: systemClock, known, log, identity: () => makeCertificate() });
    server = await KeyServer.start(a);
    address = server.address;
    await enter(a.pin);
  });
  afterEach(async () => {
    await server.stop();
    rmSync(home, { recursive: true });
  });

  /** The server is set up anew, with another key. */
  async function changeTo(key: TlsIdentity, pins: readonly PinStatement[] | object | undefined): Promise<void> {
    await server.stop();
    server = await KeyServer.start(key, address);
    server.pins = Array.isArray(pins) ? { result: "ok", pins } : pins;
  }

  /** Expects to be let in, and that this key is kept from now on. */
  async function enter(pin: Pin, wanted?: Pin): Promise<void> {
    const link = await connector.open(address, wanted);
    assert.ok(link instanceof LineClient, "reason" in link ? link.reason : "");
    assert.equal((await link.requestRaw("auth", {}, { timeoutMs: 1_000 }))?.["result"], "ok");
    link.close();
    assert.equal(known.pinOf(address.text), pin);
  }

  /** Expects to be refused before anything was sent but the one request. */
  async function refused(expected: Pin, shown: Pin, wanted?: Pin): Promise<void> {
    const before = known.pinOf(address.text);
    const shut = await connector.open(address, wanted);
    assert.ok("reason" in shut);
    assert.deepEqual(shut.distrust, { shown, expected });
    for (const line of server.heard) assert.match(line, /^\{"type":"pins","id":\d+\}$/);
    assert.equal(known.pinOf(address.text), before);
    assert.equal(logged.includes("server_key_followed"), false);
  }

  it("is followed when the old key says so, and the new key is kept, and that is logged", async () => {
    await changeTo(b, [signNextPin(a, b.pin)]);
    await enter(b.pin);
    assert.equal(server.heard[0], '{"type":"pins","id":1}');
    const { event, server: name, before, now } = JSON.parse(logged) as Record<string, unknown>;
    assert.deepEqual([event, name, before, now], ["server_key_followed", address.text, a.pin, b.pin]);
    server.heard.length = 0;
    await enter(b.pin);
    assert.equal(server.heard.length, 1, "it is not asked again");
  });

  it("is followed over two changes that happened meanwhile", async () => {
    await changeTo(c, [signNextPin(a, b.pin), signNextPin(b, c.pin)]);
    await enter(c.pin);
  });

  it("is followed from the key that an older invitation names", async () => {
    await changeTo(b, [signNextPin(a, b.pin)]);
    known.keep("elsewhere:1", a.pin);
    await enter(b.pin, a.pin);
    const another = mkdtempSync(join(tmpdir(), "chat-room-door-"));
    const fresh = new KnownServers(another);
    const log = createLog("error", systemClock, () => undefined);
    const first = new TlsConnector({ clock: systemClock, known: fresh, log, identity: () => makeCertificate() });
    const link = await first.open(address, a.pin);
    assert.ok(link instanceof LineClient);
    link.close();
    assert.equal(fresh.pinOf(address.text), b.pin);
    rmSync(another, { recursive: true });
  });

  it("is trusted on inspection too, which keeps nothing", async () => {
    await changeTo(b, [signNextPin(a, b.pin)]);
    const seen = await connector.inspect(address, undefined);
    assert.ok("verdict" in seen);
    assert.deepEqual([seen.shown, seen.verdict.trust], [b.pin, "trusted"]);
    assert.equal(known.pinOf(address.text), a.pin);
  });

  it("is refused if nobody says so, or it does not know the request, or answers wrongly", async () => {
    const wrong = [
      [],
      { result: "fail", code: "unknown_type", reason: "?" },
      { result: "fail", code: "not_authenticated", reason: "?" },
      { result: "ok" },
      { result: "ok", pins: [{ from: a.pin, to: b.pin }] },
      { result: "ok", pins: Array(17).fill(signNextPin(a, b.pin)) },
    ];
    for (const pins of wrong) {
      await changeTo(b, pins);
      await refused(a.pin, b.pin);
    }
  });

  it("is refused if the statement is forged, in the wrong order, or made for another pin", async () => {
    const [ab, bc] = [signNextPin(a, b.pin), signNextPin(b, c.pin)];
    for (const statements of [
      [{ ...bc, from: a.pin }],
      [{ ...ab, to: c.pin }],
      [bc, ab],
      [bc],
      [ab],
      [ab, signNextPin(b, a.pin), signNextPin(a, c.pin)],
    ]) {
      await changeTo(c, statements);
      await refused(a.pin, c.pin);
    }
  });

  it("is refused when it shows a key again that was given up, with all statements that there are", async () => {
    await changeTo(b, [signNextPin(a, b.pin)]);
    await enter(b.pin);
    logged = "";
    await changeTo(a, [signNextPin(a, b.pin)]);
    await refused(b.pin, a.pin);
  });

  it("is refused if the address names a key that does not lead there, though the kept one does", async () => {
    await changeTo(b, [signNextPin(a, b.pin)]);
    await refused(c.pin, b.pin, c.pin);
  });

  it("is refused after a while if it does not answer at all", async () => {
    const clock = new FakeClock();
    const log = createLog("info", clock, () => undefined);
    const waiting = new TlsConnector({ clock, known, log, identity: () => makeCertificate() });
    await changeTo(b, undefined);
    const shut = waiting.open(address, undefined);
    while (server.heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5_000);
    assert.deepEqual(((await shut) as { distrust?: unknown }).distrust, { shown: b.pin, expected: a.pin });
  });
});
