import assert from "node:assert/strict";
import { build } from "esbuild";
import { StartFailed } from "../../../../base/rendezvous/connect.ts";
import { sessionChanged } from "../../../../protocol/api/notifications.ts";
import { findContact, onlineUsers, snapshot } from "../../../../protocol/api/session.ts";
import { markRead } from "../../../../protocol/conversations/kinds/read-mark.ts";
import { DaemonClient } from "../../../../extension/daemon-client/client.ts";
import type { Connection } from "../../../../extension/daemon-client/client.ts";
import { failuresUntilDown } from "../../../../extension/daemon-client/retry-policy.ts";
import type { DaemonLinkState } from "../../../../extension/daemon-client/port.ts";
import { SessionStore } from "../../../../extension/daemon-client/session-store.ts";
import type { Disposable } from "../../../../extension/ui/signal.ts";
import { connectedSession, settled, silentLog } from "../stand-ins.ts";

class Wire implements Connection {
  readonly #closing = Promise.withResolvers<undefined>();
  readonly closed = this.#closing.promise;
  readonly listeners = new Map<string, (params: unknown) => void>();
  readonly notified: string[] = [];
  disposed = false;
  answer: (method: string, params: unknown) => Promise<unknown> = () => Promise.resolve({ ok: true });

  request(method: string, params: unknown): Promise<unknown> {
    return this.answer(method, params);
  }
  notify(method: string): void {
    this.notified.push(method);
  }
  onNotification(method: string, listener: (params: unknown) => void): void {
    this.listeners.set(method, listener);
  }
  close(): void {
    this.#closing.resolve(undefined);
  }
  dispose(): void {
    this.disposed = true;
  }
}

/** A client whose time stands still until a timer is fired by hand. */
function harness(open: () => Promise<Connection>) {
  const timers: { delayMs: number; fire: () => void }[] = [];
  const links: DaemonLinkState["state"][] = [];
  let nowMs = 0;
  const client = new DaemonClient({
    open,
    log: silentLog,
    now: () => nowMs,
    random: () => 0.5,
    setTimer: (delayMs, fire): Disposable => {
      const timer = { delayMs, fire };
      timers.push(timer);
      return { dispose: () => void timers.splice(timers.indexOf(timer) >>> 0, 1) };
    },
  });
  client.linkChanged.on((link) => links.push(link.state));
  const fireNext = async (): Promise<void> => {
    timers.shift()?.fire();
    await settled();
  };
  return { client, timers, links, fireNext, pass: (ms: number) => (nowMs += ms) };
}

describe("The daemon client", () => {
  it("refuses a request while there is no connection, and begins to connect", async () => {
    const wire = new Wire();
    const { client } = harness(() => Promise.resolve(wire));
    const outcome = await client.request(snapshot, {});
    assert.equal(!outcome.ok && outcome.code, "unavailable");
    await settled();
    assert.equal(client.link.state, "connected");
  });

  it("answers what the daemon answered, read through the schema", async () => {
    const wire = new Wire();
    const { client } = harness(() => Promise.resolve(wire));
    client.connectNow();
    await settled();
    wire.answer = () => Promise.resolve({ ok: true, session: connectedSession, contacts: [], extra: 1 });
    assert.deepEqual(await client.request(snapshot, {}), { ok: true, session: connectedSession, contacts: [] });
    wire.answer = () => Promise.resolve({ ok: false, code: "no_such_user", reason: "Nobody." });
    assert.deepEqual(await client.request(findContact, { user: "x" }), {
      ok: false,
      code: "no_such_user",
      reason: "Nobody.",
    });
    wire.answer = () => Promise.resolve("nonsense");
    const outcome = await client.request(snapshot, {});
    assert.equal(!outcome.ok && outcome.code, "internal");
  });

  it("refuses a wrong answer to a request that another bundle declares, with its own copy of the schemas", async () => {
    const bundled = await build({
      bundle: true,
      format: "esm",
      write: false,
      stdin: { contents: 'export { findContact } from "./protocol/api/session.ts";', resolveDir: process.cwd() },
    });
    const code = encodeURIComponent(bundled.outputFiles[0]?.text ?? "");
    const copy = (await import(`data:text/javascript,${code}`)) as { findContact: typeof findContact };
    const wire = new Wire();
    const { client } = harness(() => Promise.resolve(wire));
    client.connectNow();
    await settled();
    wire.answer = () => Promise.resolve({ ok: true, contact: 7 });
    const outcome = await client.request(copy.findContact, { user: "x" });
    assert.equal(!outcome.ok && outcome.code, "internal");
  });

  it("says in whose name something is asked, and only of what is done in somebody's", async () => {
    const wire = new Wire();
    const asked: unknown[] = [];
    wire.answer = (_, params) => {
      asked.push(params);
      return Promise.resolve({ ok: true });
    };
    const { client } = harness(() => Promise.resolve(wire));
    const store = new SessionStore(client, silentLog);
    client.connectNow();
    await settled();
    wire.listeners.get(sessionChanged.method)?.({ session: connectedSession });
    asked.length = 0;
    const read = { conversation: "user:carol", upTo: 3 } as const;
    await client.request(markRead, read);
    await client.request(findContact, { user: "carol" });
    assert.deepEqual(asked, [{ ...read, as: connectedSession.account }, { user: "carol" }]);
    store.dispose();
  });

  it("connects again after a loss, and listeners hear from the new connection", async () => {
    const wires = [new Wire(), new Wire()];
    const opened = [...wires];
    const { client, links, fireNext } = harness(() => Promise.resolve(opened.shift() ?? new Wire()));
    const heard: string[] = [];
    client.on(sessionChanged, ({ session }) => heard.push(session.state));
    client.connectNow();
    await settled();
    wires[0]?.close();
    await settled();
    assert.equal(client.link.state, "connecting");
    await fireNext();
    assert.deepEqual(links, ["connected", "connecting", "connected"]);
    wires[1]?.listeners.get(sessionChanged.method)?.({ session: connectedSession });
    wires[1]?.listeners.get(sessionChanged.method)?.({ session: "strange" });
    assert.deepEqual(heard, ["connected"]);
  });

  it("answers a request that the loss interrupted", async () => {
    const wire = new Wire();
    const { client } = harness(() => Promise.resolve(wire));
    client.connectNow();
    await settled();
    const { promise, reject } = Promise.withResolvers<unknown>();
    wire.answer = () => promise;
    const outcome = client.request(snapshot, {});
    wire.close();
    reject(new Error("Pending response rejected since connection got disposed"));
    assert.match(JSON.stringify(await outcome), /unavailable.*lost/);
  });

  it("gives a stuck daemon a deadline", async () => {
    const wire = new Wire();
    const { client, fireNext } = harness(() => Promise.resolve(wire));
    client.connectNow();
    await settled();
    wire.answer = () => new Promise(() => undefined);
    const outcome = client.request(snapshot, {}, 3_000);
    await fireNext();
    assert.match(JSON.stringify(await outcome), /no answer for 3 s/);
  });

  it("says that the daemon is older where that does not know a request, and that it failed where it failed", async () => {
    const wire = new Wire();
    const { client } = harness(() => Promise.resolve(wire));
    client.connectNow();
    await settled();
    const refused = async (error: Error): Promise<string[]> => {
      wire.answer = () => Promise.reject(error);
      const outcome = await client.request(onlineUsers, {});
      return outcome.ok ? [] : [outcome.code, outcome.reason];
    };
    const unknown = await refused(Object.assign(new Error("Unhandled method chatRoom/online"), { code: -32_601 }));
    assert.equal(unknown[0], "unknown_type");
    assert.match(unknown[1] ?? "", /older than this window and cannot do that\. Restart Daemon/);
    const failed = await refused(Object.assign(new Error("no luck"), { code: -32_603 }));
    assert.deepEqual([failed[0], /failed at this: no luck/.test(failed[1] ?? "")], ["unavailable", true]);
  });

  it("says after several failures that the daemon is down, keeps trying, and recovers", async () => {
    let works = false;
    const { client, timers, fireNext } = harness(() =>
      works ? Promise.resolve(new Wire()) : Promise.reject(new Error("Nothing there.")),
    );
    client.connectNow();
    await settled();
    const delays: number[] = [];
    for (let failure = 1; failure < failuresUntilDown; failure += 1) {
      assert.equal(client.link.state, "connecting");
      delays.push(timers[0]?.delayMs ?? 0);
      await fireNext();
    }
    assert.match(client.link.state === "down" ? client.link.reason : "", /Nothing there/);
    assert.deepEqual(
      delays,
      [...delays].sort((a, b) => a - b),
    );
    works = true;
    await fireNext();
    assert.equal(client.link.state, "connected");
  });

  it("says at once that the daemon is down where it cannot start at all, until it is there", async () => {
    const outcomes = [new StartFailed("The disk is full."), new Error("Nothing there."), undefined];
    const { client, links, fireNext } = harness(() => {
      const error = outcomes.shift();
      return error === undefined ? Promise.resolve(new Wire()) : Promise.reject(error);
    });
    client.connectNow();
    await settled();
    assert.match(client.link.state === "down" ? client.link.reason : "", /The disk is full\./);
    await fireNext();
    await fireNext();
    assert.deepEqual(links, ["down", "down", "connected"]);
  });

  it("counts connections that do not last as failures", async () => {
    const wires: Wire[] = [];
    const { client, fireNext, pass } = harness(() => {
      const wire = new Wire();
      wires.push(wire);
      return Promise.resolve(wire);
    });
    client.connectNow();
    await settled();
    for (let loss = 0; loss < failuresUntilDown; loss += 1) {
      wires.at(-1)?.close();
      await settled();
      if (loss < failuresUntilDown - 1) await fireNext();
    }
    assert.equal(client.link.state, "down");
    await fireNext();
    pass(60_000);
    wires.at(-1)?.close();
    await settled();
    assert.equal(client.link.state, "connecting");
  });

  it("closes a connection that opens after it was disposed", async () => {
    const wire = new Wire();
    const { client } = harness(() => Promise.resolve(wire));
    client.connectNow();
    client.dispose();
    await settled();
    assert.equal(wire.disposed, true);
  });
});
