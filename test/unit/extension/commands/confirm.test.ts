import assert from "node:assert/strict";
import { mock } from "node:test";
import { runSignOut } from "../../../../extension/commands/account.ts";
import { cancelled } from "../../../../extension/commands/app-context.ts";
import type { AppContext } from "../../../../extension/commands/app-context.ts";
import { runRestartDaemon, runStopServer } from "../../../../extension/commands/this-machine.ts";
import { agreedToBlock, runBlock } from "../../../../extension/commands/people.ts";
import { forEachPerson } from "../../../../extension/commands/selected-contacts.ts";
import { runBroadcast } from "../../../../extension/commands/messages.ts";
import type { ResultOf } from "../../../../protocol/api/declare.ts";
import { contactsChanged } from "../../../../protocol/api/notifications.ts";
import { blockUser, daemonStatus, signOut, stopDaemon, stopServer } from "../../../../protocol/api/session.ts";
import { send } from "../../../../protocol/conversations/kinds/text.ts";
import { connectedSession, person, settled } from "../stand-ins.ts";
import type { DaemonStandIn } from "../stand-ins.ts";
import { withApp } from "./app-stand-in.ts";

type At = Awaited<ReturnType<typeof withApp>>;

const idle: ResultOf<typeof daemonStatus> = {
  ...{
    session: connectedSession,
    pid: 4711,
    version: "0.1.0",
    build: 10,
    home: "/h",
    windows: 1,
    outbox: 0,
    unread: 0,
  },
};

async function withStatus(changes: Partial<typeof idle> = {}): Promise<At> {
  const at = await withApp();
  at.daemon.answer(daemonStatus, () => ({ ok: true, ...idle, ...changes }));
  for (const each of [stopDaemon, signOut, blockUser] as const) at.daemon.answer(each, () => ({ ok: true }));
  at.daemon.answer(stopServer, () => ({ ok: true, wasRunning: true }));
  return at;
}

const many = Array.from({ length: 11 }, (_, at) => person(`person${at}`));
const rowOf = (name: string): object => ({ kind: "contact", contact: person(name) });

/** Each with a label that is its yes, and what the daemon is asked for only after it. */
const cases: {
  what: string;
  yes: string;
  run: (app: AppContext) => unknown;
  code: (app: AppContext) => unknown;
  method: string;
}[] = [
  {
    ...{ what: "Restart Daemon", yes: "Restart Daemon", method: stopDaemon.method },
    run: (app) => runRestartDaemon(app),
    code: (app) => runRestartDaemon(app, { confirmed: true }),
  },
  {
    ...{ what: "Stop the Server", yes: "Stop Server", method: stopServer.method },
    run: (app) => runStopServer(app),
    code: (app) => runStopServer(app, { confirmed: true }),
  },
  {
    ...{ what: "Block, from a menu", yes: "Block alice", method: blockUser.method },
    run: (app) => runBlock(app, rowOf("alice")),
    code: (app) => runBlock(app, { name: "alice" }),
  },
  {
    ...{ what: "Broadcast to many", yes: "Send", method: send.method },
    run: (app) => runBroadcast(app),
    code: (app) => runBroadcast(app, "to all"),
  },
];

/** The daemon ends and is there again. */
async function cameBack(daemon: DaemonStandIn): Promise<void> {
  await settled();
  daemon.setLink({ state: "connecting" });
  await settled();
  daemon.setLink({ state: "connected" });
}

describe("what concerns others or all windows", () => {
  for (const { what, yes, run, code, method } of cases) {
    const begin = async (): Promise<At> => {
      const at = await withStatus({ hostedServer: "127.0.0.1:8765" });
      at.daemon.tell(contactsChanged, { changed: many, removed: [] });
      return at;
    };

    it(`asks first: ${what}`, async () => {
      for (const [pick, asked] of [["Cancel", 0] as const, [undefined, 0] as const, [yes, 1] as const]) {
        const { app: app, daemon, prompter } = await begin();
        prompter.answers.push("to all");
        if (pick !== undefined) prompter.picks.push(pick);
        const outcome = run(app);
        await cameBack(daemon);
        await outcome;
        assert.equal(prompter.lists.length, 1);
        assert.equal(daemon.askedFor(method).length, asked, String(pick));
        assert.deepEqual(prompter.confirmed, [], "nothing is lost");
      }
    });

    it(`asks nobody where code gives the arguments: ${what}`, async () => {
      const { app: app, daemon, prompter } = await begin();
      const outcome = code(app);
      await cameBack(daemon);
      await outcome;
      assert.deepEqual([prompter.lists, daemon.askedFor(method).length], [[], 1]);
    });
  }

  it("is not asked where nobody is concerned", async () => {
    const { app: app, daemon, prompter } = await withStatus();
    await runStopServer(app);
    prompter.answers.push("to all");
    assert.equal((await runBroadcast(app)).ok, true);
    daemon.setLink({ state: "down", reason: "Gone." });
    const restarted = runRestartDaemon(app);
    await cameBack(daemon);
    assert.equal(await restarted, true);
    assert.deepEqual(prompter.lists, []);
  });

  it("is asked once for several people", async () => {
    const { app: app, daemon, prompter } = await withStatus();
    const blockSelected = forEachPerson(runBlock, agreedToBlock);
    const rows = [rowOf("alice"), rowOf("zoe")];
    assert.deepEqual(await blockSelected(app, rows[0], rows), [cancelled]);
    prompter.picks.push("Block 2 people");
    await blockSelected(app, rows[0], rows);
    assert.deepEqual(prompter.lists, ["Block 2 people?", "Block 2 people?"]);
    assert.deepEqual(daemon.askedFor(blockUser.method), [{ user: "alice" }, { user: "zoe" }]);
  });

  it("gives a broadcast back that was not agreed to", async () => {
    const { app: app, daemon, prompter } = await withStatus();
    daemon.tell(contactsChanged, { changed: many, removed: [] });
    prompter.answers.push("first thought", undefined);
    assert.equal(await runBroadcast(app), cancelled);
    assert.deepEqual(
      prompter.questions.map(({ value }) => value),
      ["", "first thought"],
    );
    assert.deepEqual(prompter.told, []);
  });
});

describe("Sign Out", () => {
  it("asks where messages have not been sent, and says where they are then", async () => {
    const { app: app, daemon, prompter } = await withStatus({ outbox: 3 });
    assert.equal(await runSignOut(app), cancelled);
    assert.deepEqual([daemon.askedFor(signOut.method).length, prompter.confirmed.length], [0, 1]);
    assert.match(prompter.confirmed[0] ?? "", /not sent yet: 3\. They stay on this machine/);
    prompter.agrees = true;
    assert.equal((await runSignOut(app)).ok, true);
    assert.equal((await runSignOut(app, { confirmed: true })).ok, true);
    assert.equal(prompter.confirmed.length, 2);
  });

  it("asks nothing where all is sent, or the daemon does not say", async () => {
    const { app: app, daemon, prompter } = await withStatus();
    assert.equal((await runSignOut(app)).ok, true);
    daemon.answer(daemonStatus, () => ({ ok: false, code: "unavailable", reason: "No answer." }));
    assert.equal((await runSignOut(app)).ok, true);
    assert.deepEqual(prompter.confirmed, []);
  });
});

describe("a daemon that does not end", () => {
  it("was not restarted, and the process to end is named", async () => {
    const { app: app, prompter } = await withStatus();
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const restarted = runRestartDaemon(app, { confirmed: true });
      await settled();
      mock.timers.tick(60_000);
      assert.equal(await restarted, false);
    } finally {
      mock.timers.reset();
    }
    assert.match(prompter.told.join(), /does not end\. End its process \(4711\)/);
    assert.deepEqual(prompter.mentioned, []);
  });
});
