import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../../../base/log.ts";
import { openDatabase } from "../../../../base/sqlite.ts";
import { Drafts } from "../../../../daemon/windows/drafts.ts";
import { Views } from "../../../../daemon/windows/views.ts";
import { History } from "../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { Preferences } from "../../../../daemon/identity/preferences.ts";
import type { ServerLink } from "../../../../daemon/connection/server-link.ts";
import { beatMs, Pulse } from "../../../../daemon/lifetime/pulse.ts";
import { Engine } from "../../../../daemon/engine/engine.ts";
import type { EffectHandlers } from "../../../../daemon/engine/engine.ts";
import { PresenceService } from "../../../../daemon/presence/presence-service.ts";
import { failure } from "../../../../protocol/errors.ts";
import type { Account } from "../../../../protocol/api/model.ts";
import type { ConversationId } from "../../../../protocol/conversations/conversation-id.ts";
import type { Declaration } from "../../../../protocol/wire/declare.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const account = { user: "Me", server: "s:1" };

describe("what others see beside messages", () => {
  let home: string;
  let clock: FakeClock;
  let engine: Engine;
  let pulse: Pulse;
  let create: () => PresenceService;
  let presence: PresenceService;
  let drafts: Drafts;
  let preferences: Preferences;
  let sent: object[];
  let direct: object[];
  let shown: [number, string, object][];
  let answer: object;
  let database: ReturnType<typeof openDatabase>;

  const link = {
    request: (declared: Declaration<string, object, unknown>, params: object) => {
      sent.push({ type: declared.type, ...params });
      return Promise.resolve(answer);
    },
  } as unknown as ServerLink;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "home-"));
    clock = new FakeClock();
    [sent, direct, shown, answer] = [[], [], [], { ok: true, value: {} }];
    const log = createLog("error", clock, () => undefined);
    const performers = new Proxy({}, { get: () => () => undefined }) as EffectHandlers;
    const onStepFailure = (error: unknown): never => assert.fail(String(error));
    engine = new Engine({ clock, random: () => 0, log, performers, onStepFailure });
    database = openDatabase(join(home, "history.db"), historyMigrations);
    engine.open(account, new History(database, keyOfName("Me")));
    engine.execute({ kind: "session", session: { state: "connected", account } });
    engine.execute({ kind: "people", people: [{ name: "Bob", state: "available" }] });
    const views = new Views();
    for (const id of [1, 2]) {
      const notify = (method: string, params: object): number => shown.push([id, method, params]);
      views.add({ id, notify, dispose: () => undefined });
    }
    preferences = new Preferences(home);
    const sendDirect = (id: number, params: object): number => direct.push({ id, ...params });
    const onPresence = (): void => undefined;
    const keyOf = ({ user, server }: Account): string => `${server} ${user}`;
    pulse = new Pulse(clock);
    create = () =>
      new PresenceService({
        preferences,
        engine,
        views,
        clock,
        pulse,
        log,
        link: () => link,
        sendDirect,
        keyOf,
        onPresence,
      });
    presence = create();
    presence.entered(account);
    shown = [];
    drafts = new Drafts({ engine, views, clock, log });
  });
  afterEach(() => {
    pulse.dispose();
    drafts.dispose();
    engine.closeHistory();
    rmSync(home, { recursive: true });
  });

  const bob = "user:bob";
  const typing = { type: "signal", to: "Bob", kind: "typing" };

  it("is that this person writes, at most once in 3 s for each conversation [P-4.14]", () => {
    engine.execute({ kind: "people", people: [{ name: "carol", state: "available" }] });
    presence.typing(bob);
    clock.advance(2_999);
    presence.typing(bob);
    presence.typing("user:carol");
    assert.deepEqual(sent, [typing, { ...typing, to: "carol" }]);
    clock.advance(1);
    presence.typing(bob);
    assert.equal(sent.length, 3);
  });

  it("is nothing to everyone, to nobody, to who is blocked, without a connection, or where it is switched off", () => {
    presence.typing("everyone");
    presence.typing("user:nobody");
    engine.execute({ kind: "blocked", name: "Bob", blocked: true });
    presence.typing(bob);
    engine.execute({ kind: "blocked", name: "Bob", blocked: false });
    engine.execute({ kind: "session", session: { state: "connecting", account } });
    presence.typing(bob);
    engine.execute({ kind: "session", session: { state: "connected", account } });
    assert.deepEqual(presence.setSignals({ typing: false, readMarks: true }), { ok: true });
    presence.typing(bob);
    assert.deepEqual(sent, []);
    presence.setSignals({ typing: true, readMarks: true });
    presence.typing(bob);
    assert.deepEqual(sent, [typing]);
  });

  it("goes by the direct link where there is one", () => {
    engine.execute({ kind: "direct", conversation: bob, link: 7 });
    presence.typing(bob);
    assert.deepEqual([sent, direct], [[], [{ id: 7, to: "Bob", kind: "typing" }]]);
  });

  it("is shown to every view when others write, but not each of a flood, nor of who is blocked", () => {
    for (let times = 0; times < 5; times += 1) presence.othersTyping("BOB");
    presence.othersTyping("stranger");
    const params = { conversation: bob };
    assert.deepEqual(shown, [
      [1, "chatRoom/personTyping", params],
      [2, "chatRoom/personTyping", params],
    ]);
    clock.advance(1_000);
    presence.othersTyping("bob");
    assert.equal(shown.length, 4);
    engine.execute({ kind: "blocked", name: "Bob", blocked: true });
    clock.advance(1_000);
    presence.othersTyping("bob");
    assert.equal(shown.length, 4);
  });

  it("is whether messages were read, unless that is switched off, now and after a restart [P-4.14]", () => {
    assert.equal(engine.state.tellsRead, true);
    presence.setSignals({ typing: true, readMarks: false });
    assert.equal(engine.state.tellsRead, false);
    assert.equal(new Preferences(home).readMarks, false);
  });

  it("is the presence that was set: told at once, and again after each connection [P-4.13]", async () => {
    presence.connected(link);
    assert.deepEqual(sent, []);
    assert.deepEqual(await presence.setPresence({ state: "away", text: "lunch" }), { ok: true });
    const told = { type: "presence", state: "away", text: "lunch" };
    assert.deepEqual(sent, [told]);
    engine.execute({ kind: "session", session: { state: "connecting", account } });
    assert.deepEqual(await presence.setPresence({ state: "available" }), { ok: true });
    assert.deepEqual(sent, [told]);
    presence.connected(link);
    assert.deepEqual(sent, [told, { type: "presence", state: "available" }]);
    assert.deepEqual(new Preferences(home).presenceOf("s:1 Me"), { state: "available" });
  });

  it("ends by itself at the time that was said with it: here, in every window and at the server", async () => {
    const untilMs = clock.nowMs() + 2 * beatMs;
    assert.deepEqual(await presence.setPresence({ state: "dnd", text: "focus", untilMs }), { ok: true });
    assert.deepEqual(sent, [{ type: "presence", state: "dnd", text: "focus" }]);
    assert.deepEqual(presence.ownPresence, { state: "dnd", text: "focus", untilMs });
    clock.advance(beatMs);
    assert.equal(sent.length, 1);
    clock.advance(beatMs);
    assert.deepEqual(sent[1], { type: "presence", state: "available" });
    assert.deepEqual(shown.at(-1), [2, "chatRoom/ownPresence", { state: "available" }]);
    assert.deepEqual([presence.ownPresence, engine.state.doNotDisturb], [{ state: "available" }, false]);
  });

  it("ends also where no daemon ran at the end of it, and never before it is set", async () => {
    await presence.setPresence({ state: "away", untilMs: clock.nowMs() + 1_000 });
    pulse.dispose();
    clock.advance(5_000);
    preferences = new Preferences(home);
    const next = create();
    next.entered(account);
    assert.deepEqual(next.ownPresence, { state: "available" });
    sent = [];
    next.connected(link);
    assert.deepEqual(sent, [{ type: "presence", state: "available" }]);
    const late = await next.setPresence({ state: "dnd", untilMs: clock.nowMs() });
    assert.deepEqual([late.ok, next.ownPresence], [false, { state: "available" }]);
  });

  it("is shown in all windows of this person, and nobody is told of a message while it is dnd", async () => {
    assert.deepEqual(presence.ownPresence, { state: "available" });
    await presence.setPresence({ state: "dnd", text: "focus" });
    const own = { state: "dnd", text: "focus" };
    assert.deepEqual(shown, [
      [1, "chatRoom/ownPresence", own],
      [2, "chatRoom/ownPresence", own],
    ]);
    assert.deepEqual([presence.ownPresence, engine.state.doNotDisturb], [own, true]);
    await presence.setPresence({ state: "away" });
    assert.equal(engine.state.doNotDisturb, false);
  });

  it("is for one account: what was said at one server is said at no other, nor to nobody", async () => {
    await presence.setPresence({ state: "dnd", text: "about acme" });
    presence.entered({ user: "Me", server: "other:1" });
    assert.deepEqual([presence.ownPresence, engine.state.doNotDisturb], [{ state: "available" }, false]);
    sent = [];
    presence.connected(link);
    assert.deepEqual(sent, []);
    presence.entered(undefined);
    const refused = await presence.setPresence({ state: "away" });
    assert.equal(!refused.ok && refused.code, "not_authenticated");
    presence.entered(account);
    assert.deepEqual(presence.ownPresence, { state: "dnd", text: "about acme" });
    assert.equal(engine.state.doNotDisturb, true);
  });

  it("is never that a person who is here is offline, and a refusal of the server is said", async () => {
    const refused = await presence.setPresence({ state: "offline" });
    assert.equal(refused.ok ? "ok" : refused.code, "bad_request");
    answer = failure("busy");
    assert.deepEqual(await presence.setPresence({ state: "dnd" }), failure("busy"));
    assert.equal(preferences.presenceOf("s:1 Me")?.state, "dnd");
  });

  it("is not what this person is writing: that is kept here, and shown in their other windows", () => {
    assert.deepEqual(drafts.set(bob, "dear b", 1), { ok: true, revision: 1 });
    assert.deepEqual(drafts.set(bob, "dear bob", 1), { ok: true, revision: 2 });
    assert.deepEqual(drafts.set(bob, "dear bob", 2), { ok: true, revision: 2 });
    assert.deepEqual(shown, [
      [2, "chatRoom/draftChanged", { conversation: bob, text: "dear b", revision: 1 }],
      [2, "chatRoom/draftChanged", { conversation: bob, text: "dear bob", revision: 2 }],
    ]);
    assert.deepEqual(drafts.get(bob), { ok: true, text: "dear bob", revision: 2 });
    const stored = (): unknown => database.prepare("SELECT text FROM draft").get()?.["text"];
    assert.equal(stored(), undefined);
    clock.advance(500);
    assert.equal(stored(), "dear bob");
    for (const wrong of ["user:", "somewhere", "user:a b"] as ConversationId[]) {
      assert.equal(drafts.set(wrong, "x", 1).ok, false, wrong);
    }
    engine.closeHistory();
    assert.equal(drafts.set(bob, "x", 1).ok, false);
  });
});
