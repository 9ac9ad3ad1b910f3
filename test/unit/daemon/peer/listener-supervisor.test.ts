import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../../../base/log.ts";
import { ownIdentity } from "../../../../base/tls/identity.ts";
import type { TlsIdentity } from "../../../../base/tls/identity.ts";
import type { Interfaces } from "../../../../daemon/peer/local-addresses.ts";
import { beatMs, Pulse } from "../../../../daemon/lifetime/pulse.ts";
import { ListenerSupervisor } from "../../../../daemon/peer/listener-supervisor.ts";
import { PeerListener } from "../../../../daemon/peer/peer-listener.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

describe("the host of a daemon's listener", () => {
  const clock = new FakeClock();
  const pulse = new Pulse(clock);
  const hosts: ListenerSupervisor[] = [];
  const lines: string[] = [];
  let home: string;
  let own: TlsIdentity;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "chat-room-host-"));
    own = await ownIdentity(home, "host", Date.now());
  });
  afterEach(() => {
    for (const host of hosts.splice(0)) host.dispose();
    lines.length = 0;
  });
  after(() => rmSync(home, { recursive: true }));

  function makeHost(
    parts: { identity?: () => Promise<TlsIdentity>; interfaces?: () => Interfaces } = {},
  ): ListenerSupervisor {
    const host = new ListenerSupervisor({
      ...{ clock, pulse },
      log: createLog("warn", clock, (line) => lines.push(line)),
      identity: () => Promise.resolve(own),
      onCaller: () => undefined,
      onChanged: () => undefined,
      ...parts,
    });
    hosts.push(host);
    return host;
  }
  const ask = { mode: "ask", interfaces: [], port: 0 } as const;

  it("listens, and names no addresses, where the system does not tell which ones there are", async () => {
    const host = makeHost({
      interfaces: () => {
        throw new Error("uv_interface_addresses returned Unknown system error 97");
      },
    });
    await host.apply(ask);
    assert.deepEqual(await host.open(), { ok: true });
    assert.ok(host.announcement && host.announcement.port > 0);
    assert.deepEqual(host.announcement.addresses, []);
  });

  it("opens no port before it is needed, whatever is set meanwhile, and none where it is switched off", async () => {
    const host = makeHost();
    for (const settings of [ask, { ...ask, mode: "contacts" }, { ...ask, interfaces: ["127.0.0.1"] }] as const) {
      assert.deepEqual(await host.apply(settings), { ok: true });
      clock.advance(beatMs);
      assert.equal(host.announcement, undefined);
    }
    assert.deepEqual(await host.open(), { ok: true });
    assert.ok(host.announcement);
    await host.apply({ ...ask, mode: "off" });
    assert.equal(host.announcement, undefined);
    assert.deepEqual(await host.open(), { ok: true });
    assert.equal(host.announcement, undefined);
    // Switched on again, it waits for the next use again.
    await host.apply(ask);
    assert.equal(host.announcement, undefined);
  });

  it("does not listen again by an old choice when the network is looked at while a new one is taken up", async () => {
    const hold = { until: Promise.resolve() };
    const host = makeHost({
      identity: async () => {
        await hold.until;
        return own;
      },
    });
    await host.apply(ask);
    await host.open();
    let release = (): void => undefined;
    hold.until = new Promise((resolve) => (release = resolve));
    const moved = host.apply({ ...ask, interfaces: ["127.0.0.1"] });
    const off = host.apply({ ...ask, mode: "off" });
    // Its turn comes to open the listener; the look at the network is due meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(beatMs);
    release();
    await Promise.all([moved, off]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(host.announcement, undefined);
  });

  it("says once why it cannot listen, however often it tries, and listens as soon as it can", async () => {
    const other = await PeerListener.open({ hosts: [], port: 0, identity: own, clock, onCaller: () => undefined });
    const host = makeHost();
    assert.deepEqual(await host.apply({ ...ask, port: other.port }), { ok: true });
    const outcome = await host.open();
    assert.ok(!outcome.ok && /Choose another port/.test(outcome.reason));
    for (let look = 0; look < 3; look += 1) {
      clock.advance(beatMs);
      // Behind the look, whose turn it is.
      await host.apply({ ...ask, port: other.port });
    }
    assert.equal(lines.length, 1);
    other.dispose();
    assert.deepEqual(await host.apply({ ...ask, port: other.port }), { ok: true });
  });
});
