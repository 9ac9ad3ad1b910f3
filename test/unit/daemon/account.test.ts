import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLog } from "../../../base/log.ts";
import { AccountKeeper } from "../../../daemon/account.ts";
import { createOpener } from "../../../daemon/history/open.ts";
import { Identity } from "../../../daemon/identity/identity.ts";
import { Runner } from "../../../daemon/runner.ts";
import type { Performers } from "../../../daemon/runner.ts";
import type { Pin } from "../../../protocol/pin.ts";
import { plainDoor } from "../../support/plain-door.ts";
import { FakeClock } from "./fake-clock.ts";
import { inline, openIn } from "./opener.ts";
import { ScriptedServer } from "./link/scripted-server.ts";

describe("the account that is present", () => {
  let home: string;
  let server: ScriptedServer;
  let runner: Runner;
  let keeper: AccountKeeper;
  /** Who was left and entered, in order. */
  let told: string[];
  /** Of servers, by their addresses. */
  const keys = new Map<string, Pin>();

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
      ...{ identity, door: plainDoor(clock), runner, clock, random: () => 0.5, log },
      openHistory: createOpener({ home, servers: () => keys, aside: inline }),
      keyOf: (address) => keys.get(address),
      onOpened: () => undefined,
      onClosing: () => Promise.resolve(),
      client: { device: "device-1", name: "test/1" },
      announce: () => undefined,
      onEntered: ({ user }) => told.push(`entered ${user}`),
      onLeft: () => told.push("left"),
      onConnected: () => undefined,
      onPush: () => undefined,
    });
    await keeper.resume();
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
    const { history, file } = await openIn(home, accountOf("other"));
    history.dispose();
    const database = new DatabaseSync(file.path);
    database.exec("PRAGMA user_version = 999");
    database.close();
    const refused = await keeper.switchTo(accountOf("other"));
    assert.ok(!refused.ok && refused.code === "unavailable");
    assert.deepEqual(told, ["entered me"]);
    assert.equal(runner.state.me?.key, "me");
    assert.equal(keeper.accounts()[0]?.account.user, "me");
  });
});
