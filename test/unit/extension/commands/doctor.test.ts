import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { runDoctor } from "../../../../extension/commands/doctor.ts";
import { consents, setDirectMode } from "../../../../protocol/api/direct.ts";
import type { SessionState } from "../../../../protocol/api/model.ts";
import { sessionChanged } from "../../../../protocol/api/notifications.ts";
import { daemonStatus, inspectServer } from "../../../../protocol/api/session.ts";
import { failure } from "../../../../protocol/errors.ts";
import { connectedSession, settled } from "../stand-ins.ts";
import { withApp } from "./app-stand-in.ts";

describe("Diagnose Connection", () => {
  const status = {
    ok: true,
    session: connectedSession,
    pid: 7,
    version: "0.1.0",
    build: 10,
    home: "/tmp/home",
    windows: 2,
    outbox: 0,
    unread: 3,
  } as const;

  it("says of every part whether it is well, and copies a report without names or messages", async () => {
    const { app: app, daemon, prompter, copied } = await withApp();
    daemon.answer(daemonStatus, () => status);
    daemon.answer(setDirectMode, () => ({ ok: true }));
    daemon.answer(consents, () => ({ ok: true, consents: [{ user: "alice", key: "A".repeat(43), sinceMs: 1 }] }));
    prompter.pick = "Copy Report";
    const { ok, report } = await runDoctor(app);
    await settled();
    assert.equal(ok, true, report);
    for (const part of ["Editor", "Daemon", "Storage", "Sign-in", "Server", "Key of the server", "Talking directly"]) {
      assert.match(report, new RegExp(`^ok  ${part}: `, "m"));
    }
    assert.doesNotMatch(report, /alice|bob|password/i);
    assert.deepEqual(copied, [report]);
  });

  it("names nobody's home folder in the report, wherever it stands", async () => {
    const { app: app, daemon } = await withApp();
    daemon.answer(daemonStatus, () => ({ ...status, home: join(homedir(), "state") }));
    assert.match((await runDoctor(app)).report, /ok {2}Storage: In ~.state\./);
    daemon.setLink({ state: "down", reason: `${join(homedir(), "state", "key")} cannot be read.` });
    const { report } = await runDoctor(app);
    assert.match(report, /Daemon: ~.state.key cannot be read\./);
    assert.ok(!report.includes(homedir()));
  });

  it("finds what is wrong: server, key, daemon", async () => {
    const { app: app, daemon, store: store } = await withApp();
    daemon.answer(daemonStatus, () => ({ ...status, version: "0.0.9", build: 9 }));
    daemon.answer(inspectServer, ({ server }) => ({
      ok: true,
      server,
      pin: "B".repeat(43),
      trust: "changed" as const,
    }));
    daemon.answer(setDirectMode, () => failure("unavailable", "Port 80 is taken."));
    const changed = await runDoctor(app);
    assert.equal(changed.ok, false);
    assert.match(changed.report, /PROBLEM {2}Key of the server: Another key than before/);
    assert.match(changed.report, /PROBLEM {2}Talking directly: Port 80 is taken\./);
    assert.match(changed.report, /note {2}Daemon: .*older than this window \(0\.1\.0\).* or now with Restart Daemon/);
    daemon.answer(inspectServer, () => failure("unavailable", "Nothing listens there."));
    assert.match((await runDoctor(app)).report, /PROBLEM {2}Server: Nothing listens there\./);
    daemon.setLink({ state: "down", reason: "No daemon." });
    assert.equal(store.link.state, "down");
    assert.match((await runDoctor(app)).report, /PROBLEM {2}Daemon: No daemon\./);
  });

  it("says what waits and until when, what a person should know, and why a server here does not run", async () => {
    const { app: app, daemon } = await withApp();
    const more = {
      notes: ["This folder is a copy."],
      hostedTrouble: "The port is taken.",
      build: 11,
      version: "0.2.0",
    };
    const atMs = new Date(2026, 10, 23, 14, 5).getTime();
    daemon.answer(daemonStatus, () => ({ ...status, ...more, outbox: 2, triedUntilMs: atMs }));
    const { ok, report } = await runDoctor(app);
    assert.equal(ok, false);
    assert.match(
      report,
      /^note {2}Outbox: Messages waiting: 2\. Chat Room tries to send them until .*2026.*, also without a window\.$/m,
    );
    assert.match(report, /^note {2}Storage: This folder is a copy\.$/m);
    assert.match(report, /^PROBLEM {2}Server on this machine: It is not running; .*: The port is taken\.$/m);
    assert.match(report, /^note {2}Daemon: .*This window is older \(0\.1\.0\): reload it\.$/m);
  });

  it("says whether a port is open for direct links", async () => {
    const { app: app, daemon } = await withApp();
    daemon.answer(daemonStatus, () => status);
    daemon.answer(consents, () => ({ ok: true, consents: [] }));
    daemon.answer(setDirectMode, () => ({ ok: true }));
    assert.match((await runDoctor(app)).report, /Opens a port when the first direct link is wanted: .*any free port\./);
    daemon.answer(setDirectMode, () => ({ ok: true, listensAt: 4_242 }));
    assert.match((await runDoctor(app)).report, /Listens on all interfaces, port 4242\./);
  });

  describe("of a session that is not there", () => {
    const account = { server: "127.0.0.1:8765", user: "bob" };

    async function diagnosed(session: SessionState) {
      const { daemon, app: app, prompter } = await withApp();
      daemon.answer(daemonStatus, () => ({ ...status, session }));
      daemon.answer(setDirectMode, () => ({ ok: true }));
      daemon.answer(consents, () => ({ ok: true, consents: [] }));
      daemon.tell(sessionChanged, { session });
      const { ok } = await runDoctor(app);
      const { icon, detail } = prompter.offered.find((each) => each.label === "Sign-in") ?? {};
      return [ok, icon, detail];
    }

    it("says that the person signed out and what to do, and calls it no fault", async () => {
      for (const session of [{ state: "signedOut" }, { state: "signedOut", account }] as const) {
        assert.deepEqual(await diagnosed(session), [true, "info", "Signed out. Use Sign In to come online."]);
      }
    });

    it("says how it ended where the person did not end it, and calls that a fault", async () => {
      const reason = "The server did not accept the session.";
      const refused = { state: "signedOut", account, code: "not_authenticated", reason } as const;
      assert.deepEqual(await diagnosed(refused), [false, "error", reason]);
      const elsewhere = "You signed in at another place, so this session has ended.";
      assert.deepEqual(await diagnosed({ state: "signedOut", account, elsewhere: true }), [false, "error", elsewhere]);
    });
  });
});
