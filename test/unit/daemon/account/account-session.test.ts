import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLog } from "../../../../base/log.ts";
import { AccountSession } from "../../../../daemon/account/account-session.ts";
import { createOpener } from "../../../../daemon/history/open/open-history-file.ts";
import { Identity } from "../../../../daemon/identity/installation.ts";
import { Pulse } from "../../../../daemon/lifetime/pulse.ts";
import { Engine } from "../../../../daemon/engine/engine.ts";
import type { EffectHandlers } from "../../../../daemon/engine/engine.ts";
import type { Pin } from "../../../../protocol/pin.ts";
import { plainConnector } from "../../../support/plain-connector.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { inline, openIn } from "../opener.ts";
import { ScriptedServer } from "../connection/scripted-server.ts";

describe("the account that is present", () => {
  let home: string;
  let server: ScriptedServer;
  let other: ScriptedServer | undefined;
  let engine: Engine;
  let keeper: AccountSession;
  /** Who was left and entered, in order. */
  let told: string[];
  let announced: string[];
  /** Of servers, by their addresses. */
  const keys = new Map<string, Pin>();
  let clock: FakeClock;
  let onEnded: () => void;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "chat-room-account-"));
    server = await ScriptedServer.start();
    told = [];
    announced = [];
    clock = new FakeClock();
    onEnded = () => undefined;
    const identity = new Identity(home);
    for (const user of ["other", "me"]) identity.keepSession({ account: accountOf(user), token: `token of ${user}` });
    ({ keeper, engine } = make());
    await keeper.resume();
    await server.line(({ token }) => token === "token of me");
  });
  afterEach(() => {
    keeper.dispose();
    server.stop();
    other?.stop();
    other = undefined;
    keys.clear();
    rmSync(home, { recursive: true });
  });

  function make(): { keeper: AccountSession; engine: Engine } {
    const log = createLog("error", clock, () => undefined);
    const performers = new Proxy({}, { get: () => () => undefined }) as EffectHandlers;
    const onStepFailure = (error: unknown): void => assert.fail(String(error));
    const made = new Engine({ clock, random: () => 0.5, log, performers, onStepFailure });
    return {
      engine: made,
      keeper: new AccountSession({
        ...{ identity: new Identity(home), connector: plainConnector(clock), engine: made, clock, log },
        ...{ pulse: new Pulse(clock), random: () => 0.5 },
        openHistory: createOpener({ home, servers: () => keys, aside: inline }),
        keyOf: (address) => keys.get(address),
        onOpened: () => undefined,
        onClosing: () => Promise.resolve(),
        client: { device: "device-1", name: "test/1" },
        announce: (text) => announced.push(text),
        onEntered: ({ user }) => told.push(`entered ${user}`),
        onLeft: () => {
          told.push("left");
          onEnded();
        },
        onConnected: () => undefined,
        onPush: () => undefined,
      }),
    };
  }

  const until = async (state: string): Promise<void> => {
    while (engine.state.session.state !== state) await new Promise((resolve) => setImmediate(resolve));
  };
  const accountOf = (user: string) => ({ user, server: server.address.text });

  it("is left before another one is entered", async () => {
    assert.equal((await keeper.switchTo(accountOf("other"))).ok, true);
    assert.deepEqual(told, ["entered me", "left", "entered other"]);
    assert.equal(engine.state.me?.key, "other");
  });

  it("is not entered any more by a sign-in that is answered when the daemon ends", async () => {
    server.script = ({ password }) => (password === undefined ? { result: "ok" } : undefined);
    const signedIn = keeper.signIn({ server: server.address.text, user: "other", password: "secret" });
    const { id } = await server.line(({ password }) => password !== undefined);
    keeper.dispose();
    server.push({ id, result: "ok", token: "new", username: "other" });
    const refused = await signedIn;
    assert.ok(!refused.ok && refused.code === "unavailable");
    assert.deepEqual(told, ["entered me"]);
    assert.equal(engine.history?.isOpen, false);
    assert.equal(keeper.accounts()[0]?.account.user, "me");
  });

  describe("whose session the server does not take up any more", () => {
    const renewal = (password: string, user = "me") =>
      keeper.signIn({ server: server.address.text, user, password, renewal: true });
    const tried = (): unknown[] =>
      server.received.flatMap(({ password }) => (password === undefined ? [] : [password]));

    beforeEach(async () => {
      server.script = ({ type, password }) => {
        if (password === "right") return { result: "ok", token: "renewed", username: "me" };
        return type === "auth" ? { result: "fail", code: "bad_credentials", reason: "no" } : { result: "ok" };
      };
      const ended = new Promise<void>((resolve) => (onEnded = resolve));
      await until("connected");
      server.cut();
      await until("unreachable");
      clock.advance(1_000);
      await ended;
    });

    it("is renewed once, however many windows keep the password", async () => {
      const outcomes = await Promise.all([renewal("right"), renewal("right"), renewal("right")]);
      assert.deepEqual(
        outcomes.map(({ ok }) => ok),
        [true, true, true],
      );
      assert.deepEqual(tried(), ["right"]);
    });

    it("is tried with a wrong password once, and all windows are told", async () => {
      const outcomes = await Promise.all([renewal("wrong"), renewal("wrong"), renewal("stale")]);
      assert.deepEqual(
        outcomes.map((each) => (each.ok ? "ok" : each.code)),
        ["bad_credentials", "bad_credentials", "bad_credentials"],
      );
      assert.equal((await renewal("right")).ok, false);
      assert.deepEqual(tried(), ["wrong"]);
    });

    it("is tried again by a person as often as they like, and renewed no more after a sign-out", async () => {
      await renewal("wrong");
      const typed = { server: server.address.text, user: "me", password: "wrong" };
      assert.equal((await keeper.signIn(typed)).ok, false);
      assert.equal((await keeper.signIn({ ...typed, password: "right" })).ok, true);
      assert.deepEqual(tried(), ["wrong", "wrong", "right"]);
      await keeper.signOut();
      assert.equal((await renewal("right")).ok, false);
      assert.equal((await renewal("right", "other")).ok, false);
      assert.equal(tried().length, 3);
    });
  });

  it("is not left for one whose history cannot be read", async () => {
    const { history, file } = await openIn(home, accountOf("other"));
    history.dispose();
    const database = new DatabaseSync(file.path);
    database.exec("PRAGMA user_version = 999");
    database.close();
    const refused = await keeper.switchTo(accountOf("other"));
    assert.ok(!refused.ok && refused.code === "unavailable");
    assert.deepEqual(told, ["entered me"]);
    assert.equal(engine.state.me?.key, "me");
    assert.equal(keeper.accounts()[0]?.account.user, "me");
  });

  it("can be read when it was signed out, also after a restart, and by no other token", async () => {
    engine.receive({ from: "bob", msg: "hello", mid: "b1" }, () => undefined);
    engine.flush();
    await keeper.signOut();
    assert.deepEqual(told, ["entered me", "left"]);
    assert.equal(engine.state.session.state, "signedOut");
    assert.equal(engine.history?.page("user:bob", undefined, 9).messages.length, 1);
    assert.equal(engine.state.contacts.get("user:bob")?.lastWords, "hello");
    const send = { kind: "send", conversation: "user:bob", text: "hi", mid: "m1" } as const;
    assert.deepEqual(engine.execute(send), { ok: false, code: "not_authenticated", reason: "Sign in first." });
    keeper.dispose();
    ({ keeper, engine } = make());
    await keeper.resume();
    assert.equal(engine.state.session.state, "signedOut");
    assert.equal((await keeper.opened())?.history.page("user:bob", undefined, 9).messages.length, 1);
  });

  it("is one account under every address of its server", async () => {
    engine.receive({ from: "bob", msg: "hello", mid: "b1" }, () => undefined);
    engine.flush();
    other = await ScriptedServer.start();
    for (const each of [server, other]) keys.set(each.address.text, "A".repeat(43) as Pin);
    other.script = ({ type }) => (type === "auth" ? { result: "ok", token: "new", username: "me" } : undefined);
    const signedIn = await keeper.signIn({ server: other.address.text, user: "me", password: "secret" });
    assert.equal(signedIn.ok, true);
    assert.equal(engine.history?.page("user:bob", undefined, 9).messages.length, 1);
    assert.deepEqual(
      keeper.accounts().map(({ account }) => `${account.user} ${account.server === other?.address.text}`),
      ["me true", "other false"],
    );
    assert.equal(engine.state.me?.account.server, other.address.text);
  });

  it("is worked on while it is closed, and connects again", async () => {
    engine.receive({ from: "bob", msg: "hello", mid: "b1" }, () => undefined);
    engine.flush();
    const states: unknown[] = [];
    const worked = await keeper.rework(({ file }) => {
      states.push(engine.state.session, engine.history?.isOpen);
      const database = new DatabaseSync(file.path);
      database.exec("UPDATE event SET body = 'changed'");
      database.close();
      // Nobody can write meanwhile, and nothing breaks.
      const send = { kind: "send", conversation: "user:bob", text: "hi", mid: "m1" } as const;
      states.push(engine.execute(send).ok, engine.execute({ kind: "markRead", conversation: "user:bob", upTo: 1 }).ok);
      return Promise.resolve("done");
    });
    assert.equal(worked, "done");
    assert.deepEqual(states.slice(1), [false, false, false]);
    assert.deepEqual(states[0], { state: "connecting", account: accountOf("me"), opening: true });
    await server.line(({ token }) => token === "token of me");
    assert.equal(engine.history?.page("user:bob", undefined, 9).messages[0]?.text, "changed");
    await assert.rejects(
      keeper.rework(() => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(engine.history.isOpen, true);
  });

  it("goes on with a new history when the file turns out to be damaged, and sends what was not sent", async () => {
    engine.execute({ kind: "send", conversation: "user:bob", text: "not sent yet", mid: "m1" });
    await keeper.damaged();
    assert.equal(engine.history?.isOpen, true);
    assert.match(announced.join(), /damaged.*set aside as .*1 message/);
    assert.equal(engine.history.load().outbox[0]?.mid, "m1");
  });

  it("says that a damaged file could not be replaced, and tries it again until it can be", async () => {
    engine.execute({ kind: "send", conversation: "user:bob", text: "not sent yet", mid: "m1" });
    engine.flush();
    // The clock of its connection is the one that is moved.
    server.script = () => ({ result: "ok" });
    await keeper.signOut();
    const path = (await keeper.opened())?.file.path ?? "";
    mkdirSync(join(`${path}.new`, "x"), { recursive: true });
    await keeper.damaged();
    assert.match(
      announced.join(),
      /history of me .* is damaged, and no new one could be begun.*tried again every minute/,
    );
    const database = new DatabaseSync(path, { readOnly: true });
    assert.equal(database.prepare("SELECT clean FROM upkeep").get()?.["clean"], 0, "the next start looks again");
    database.close();
    clock.advance(60_000);
    await keeper.opened();
    assert.equal(announced.length, 1);
    rmSync(`${path}.new`, { recursive: true });
    while (!engine.history?.isOpen) {
      clock.advance(60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.match(announced[1] ?? "", /was damaged.*set aside as .*1 message/);
    assert.equal(engine.history.load().outbox[0]?.mid, "m1");
  });
});
