import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { parseServerAddress } from "../../../../daemon/connection/server-address.ts";
import { registerAt, signInAt } from "../../../../daemon/connection/sign-in.ts";
import { plainConnector } from "../../../support/plain-connector.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { ScriptedServer } from "./scripted-server.ts";

const client = { device: "device-1", name: "test/1" };
const credentials = { user: "me", password: "secret" };

describe("signing in", () => {
  const clock = new FakeClock();

  it("says so when what listens there is no chat server", async () => {
    for (const noise of ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9\r\n", "[1]\n", ""]) {
      const other = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.end(noise);
      });
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const address = parseServerAddress(`127.0.0.1:${(other.address() as AddressInfo).port}`);
      assert.ok(typeof address === "object");
      const found = await signInAt(plainConnector(clock), address, credentials, client);
      assert.ok(!found.ok && !found.reached);
      assert.match(found.reason, /is not a chat server/);
      other.close();
    }
  });

  it("gives the server's own reason for a refusal, and closes the connection [P-2.4]", async () => {
    const server = await ScriptedServer.start();
    server.script = () => ({ result: "fail", code: "throttled", reason: "Wait 5 s." });
    const found = await signInAt(plainConnector(clock), server.address, credentials, client);
    assert.deepEqual(found, { ok: false, code: "throttled", reason: "Wait 5 s.", reached: true });
    server.stop();
  });

  it("says so when the server does not answer", async () => {
    const server = await ScriptedServer.start();
    server.script = () => undefined;
    const patient = new FakeClock();
    const found = signInAt(plainConnector(patient), server.address, credentials, client);
    await server.line(({ type }) => type === "auth");
    patient.advance(10_000);
    const refused = await found;
    assert.ok(!refused.ok && /does not answer/.test(refused.reason));
    server.stop();
  });

  it("makes an account without signing in [P-4.10]", async () => {
    const server = await ScriptedServer.start();
    const made = await registerAt(plainConnector(clock), server.address, {
      username: "me",
      password: "secret",
      invite: "code",
    });
    assert.deepEqual(made, { ok: true });
    assert.deepEqual(
      server.received.map(({ type, invite }) => [type, invite]),
      [["register", "code"]],
    );
    server.stop();
  });
});
