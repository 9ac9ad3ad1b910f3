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

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "chat-room-account-"));
    server = await ScriptedServer.start();
    told = [];
    const clock = new FakeClock();
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
      onLeft: () => told.push("left"),
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
