import assert from "node:assert/strict";
import { SessionStore } from "../../../../extension/daemon-client/session-store.ts";
import { sessionChanged } from "../../../../protocol/api/notifications.ts";
import { snapshot } from "../../../../protocol/api/session.ts";
import { failure } from "../../../../protocol/errors.ts";
import { connectedSession, DaemonStandIn, person, settled, silentLog } from "../stand-ins.ts";

const account = { user: "bob", server: "s:1" };
const away = (retryAtMs: number, reason = "Nothing listens.") =>
  ({ state: "unreachable", account, reason, retryAtMs }) as const;

describe("What a window knows of the account", () => {
  function room() {
    const daemon = new DaemonStandIn();
    const timers: { delayMs: number; fire: () => void; over: boolean }[] = [];
    const made = new SessionStore(daemon, silentLog, (delayMs, fire) => {
      const timer = { delayMs, fire, over: false };
      timers.push(timer);
      return { dispose: () => (timer.over = true) };
    });
    return { daemon, made, timers };
  }

  it("is not drawn anew while a server stays away and is tried again and again", async () => {
    const { daemon, made } = room();
    daemon.answer(snapshot, () => ({ ok: true, session: connectedSession, contacts: [] }));
    daemon.setLink({ state: "connected" });
    await settled();
    let changes = 0;
    let told = 0;
    made.changed.on(() => (changes += 1));
    made.sessionTold.on(() => (told += 1));
    for (const retryAtMs of [1, 2, 3, 4]) daemon.tell(sessionChanged, { session: away(retryAtMs) });
    assert.deepEqual([changes, told], [1, 4]);
    daemon.tell(sessionChanged, { session: away(5, "The name cannot be found.") });
    daemon.tell(sessionChanged, { session: connectedSession });
    assert.equal(changes, 3);
    assert.equal(made.session?.state, "connected");
  });

  it("is asked for again, less and less often, where the daemon failed at it", async () => {
    const { daemon, made, timers } = room();
    daemon.answer(snapshot, () => failure("unavailable"));
    daemon.setLink({ state: "connected" });
    await settled();
    for (let tries = 0; tries < 7; tries += 1) {
      timers.at(-1)?.fire();
      await settled();
    }
    assert.deepEqual(
      timers.slice(0, 7).map(({ delayMs }) => delayMs),
      [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000],
    );
    assert.equal(made.isTold, false);
    daemon.answer(snapshot, () => ({ ok: true, session: connectedSession, contacts: [person("alice")] }));
    timers.at(-1)?.fire();
    await settled();
    assert.deepEqual([made.isTold, made.contacts.length, timers.length], [true, 2, 8]);
  });

  it("is not asked for any more over a connection that was lost, nor for a window that closed", async () => {
    const { daemon, made, timers } = room();
    daemon.answer(snapshot, () => failure("unavailable"));
    daemon.setLink({ state: "connected" });
    await settled();
    daemon.setLink({ state: "connecting" });
    assert.equal(timers.at(-1)?.over, true);
    daemon.setLink({ state: "connected" });
    await settled();
    made.dispose();
    assert.equal(timers.at(-1)?.over, true);
  });
});
