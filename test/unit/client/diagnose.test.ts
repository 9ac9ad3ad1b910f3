import assert from "node:assert/strict";
import { diagnose } from "../../../client/diagnose.ts";
import type { DiagnosedClient } from "../../../client/diagnose.ts";
import type { SessionState } from "../../../protocol/api/model.ts";
import { failure } from "../../../protocol/errors.ts";
import { daemonThatAnswers } from "./daemon-stand-in.ts";

describe("the diagnosis of a client's connection", () => {
  const session: SessionState = { state: "connected", account: { user: "bob", server: "host:1" } };
  const status = { ok: true, session, pid: 7, version: "2", build: 10, home: "/h", windows: 1, outbox: 0, unread: 0 };
  const own: DiagnosedClient = {
    build: 10,
    version: "2",
    reached: () => true,
    session: () => session,
    server: () => "host:1",
    signedOut: "note",
    direct: undefined,
  };

  /** @returns `level code` of every finding */
  async function found(client: Partial<DiagnosedClient> = {}, answers: Record<string, object> = {}): Promise<string[]> {
    const all: Record<string, object> = {
      "chatRoom/status": status,
      "chatRoom/inspectServer": { ok: true, server: "host:1", pin: "A".repeat(43), trust: "trusted" },
      "chatRoom/consents": { ok: true, consents: [] },
      ...answers,
    };
    const daemon = daemonThatAnswers(Object.fromEntries(Object.entries(all).map(([key, value]) => [key, () => value])));
    return (await diagnose(daemon, { ...own, ...client })).map(({ level, code }) => `${level} ${code}`);
  }

  it("finds every part well, in the order from this machine outwards", async () => {
    assert.deepEqual(await found(), [
      "ok daemon",
      "ok storage",
      "ok session",
      "ok server",
      "ok serverKey",
      "ok direct",
    ]);
  });

  it("notes a daemon of another build: an older one always, a newer one where its version is another", async () => {
    const first = async (client: Partial<DiagnosedClient>) => (await found(client))[0];
    assert.equal(await first({ build: 11 }), "note daemon");
    assert.equal(await first({ build: 9 }), "ok daemon");
    assert.equal(await first({ build: 9, version: "1" }), "note daemon");
    assert.equal(await first({ build: 9, version: undefined }), "ok daemon");
  });

  it("notes what waits and what is wrong with files, and has a problem with a server here that does not run", async () => {
    const more = { ...status, outbox: 2, notes: ["odd."], hostedTrouble: "port taken" };
    const findings = await found({}, { "chatRoom/status": more });
    assert.deepEqual(findings.slice(2, 5), ["note waiting", "note fileTrouble", "problem hostedTrouble"]);
  });

  it("takes it as the client says to be signed out by choice, and as a problem for any other reason", async () => {
    const level = async (client: Partial<DiagnosedClient>) => (await found(client))[2];
    assert.equal(await level({ session: () => ({ state: "signedOut" }) }), "note session");
    assert.equal(await level({ session: () => ({ state: "signedOut" }), signedOut: "problem" }), "problem session");
    for (const other of [{ reason: "expired" }, { elsewhere: true }]) {
      assert.equal(await level({ session: () => ({ state: "signedOut", ...other }) }), "problem session");
    }
    assert.equal(await level({ session: () => undefined }), "problem session");
  });

  it("judges the server's key by what the daemon says of it", async () => {
    for (const [trust, level] of [
      ["unknown", "note"],
      ["changed", "problem"],
      ["mismatch", "problem"],
    ] as const) {
      const seen = { ok: true, server: "host:1", pin: "A".repeat(43), trust };
      assert.equal((await found({}, { "chatRoom/inspectServer": seen }))[4], `${level} serverKey`);
    }
    const gone = await found({}, { "chatRoom/inspectServer": failure("unavailable", "gone") });
    assert.deepEqual(gone.slice(3), ["problem serverFailed", "ok direct"]);
    assert.equal((await found({ server: () => undefined }))[3], "note noServer");
  });

  it("asks the daemon to listen only for a client that has settings of direct talk, and has it switched on", async () => {
    const direct = { mode: "ask", interfaces: [], port: 0 } as const;
    const last = async (client: Partial<DiagnosedClient>, answers: Record<string, object> = {}) =>
      (await found(client, answers)).at(-1);
    assert.equal(await last({ direct: { ...direct, mode: "off", interfaces: [] } }), "note directOff");
    const busy = { "chatRoom/setDirectMode": failure("unavailable", "port taken") };
    assert.equal(await last({ direct: { ...direct, interfaces: [] } }, busy), "problem directFailed");
    assert.equal(await last({}, busy), "ok direct");
  });

  it("looks no further where the daemon cannot be reached any more", async () => {
    const gone = { "chatRoom/status": failure("unavailable", "gone") };
    assert.deepEqual(await found({ reached: () => false }, gone), ["problem daemonFailed"]);
  });
});
