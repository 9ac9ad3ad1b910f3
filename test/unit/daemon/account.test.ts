import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLog } from "../../../base/log.ts";
import { AccountKeeper } from "../../../daemon/account.ts";
import { accountFolder, openHistory } from "../../../daemon/history/open.ts";
import { Identity } from "../../../daemon/identity/identity.ts";
import { Pulse } from "../../../daemon/pulse.ts";
import { Runner } from "../../../daemon/runner.ts";
import type { Performers } from "../../../daemon/runner.ts";
import { plainDoor } from "../../support/plain-door.ts";
import { FakeClock } from "./fake-clock.ts";
import { ScriptedServer } from "./link/scripted-server.ts";

describe("the account that is present", () => {
  let home: string;
  let server: ScriptedServer;
  let runner: Runner;
  let keeper: AccountKeeper;
  /** Who was left and entered, in order. */
  let told: string[];
  let clock: FakeClock;
  let onEnded: () => void;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "chat-room-account-"));
    server = await ScriptedServer.start();
    told = [];
    clock = new FakeClock();
    onEnded = () => undefined;
    const log = createLog("error", clock, () => undefined);
    const performers = new Proxy({}, { get: () => () => undefined }) as Performers;
    runner = new Runner({
      ...{ clock, random: () => 0.5, log, performers },
      onStepFailure: (error) => assert.fail(String(error)),
    });
    const identity = new Identity(home);
    for (const user of ["other", "me"]) identity.keepSession({ account: accountOf(user), token: `token of ${user}` });
    keeper = new AccountKeeper({
      ...{ home, identity, door: plainDoor(clock), runner, clock, pulse: new Pulse(clock), random: () => 0.5, log },
      client: { device: "device-1", name: "test/1" },
      announce: () => undefined,
      onEntered: ({ user }) => told.push(`entered ${user}`),
      onLeft: () => {
        told.push("left");
        onEnded();
      },
      onConnected: () => undefined,
      onPush: () => undefined,
    });
    keeper.resume();
    await server.line(({ token }) => token === "token of me");
  });
  afterEach(() => {
    keeper.dispose();
    server.stop();
    rmSync(home, { recursive: true });
  });

  const until = async (state: string): Promise<void> => {
    while (runner.state.session.state !== state) await new Promise((resolve) => setImmediate(resolve));
  };
  const accountOf = (user: string) => ({ user, server: server.address.text });

  it("is left before another one is entered", async () => {
    assert.equal((await keeper.switchTo(accountOf("other"))).ok, true);
    assert.deepEqual(told, ["entered me", "left", "entered other"]);
    assert.equal(runner.state.me?.key, "other");
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
    assert.equal(runner.history?.isOpen, false);
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
    const { history } = openHistory(home, accountOf("other"), 0);
    history.commit([
      { kind: "contact", conversation: "everyone", name: "", blocked: false, muted: false, readSeq: 0, toldSeq: 0 },
    ]);
    history.dispose();
    const database = new DatabaseSync(join(accountFolder(home, accountOf("other")), "history.db"));
    database.exec(
      "INSERT INTO message VALUES (1, 'everyone', 1, 'bob', 'm1', 'bob', 0, 'hi', -1, 'received', NULL, NULL, NULL, 0, 0)",
    );
    database.close();
    const refused = await keeper.switchTo(accountOf("other"));
    assert.ok(!refused.ok && refused.code === "unavailable");
    assert.deepEqual(told, ["entered me"]);
    assert.equal(runner.state.me?.key, "me");
    assert.equal(keeper.accounts()[0]?.account.user, "me");
  });
});
