// TLS on the port of a real server, and the traps of TLS in Node.js: each title says which.

import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { identityFile } from "../../../base/tls/identity.ts";
import { pinOfPeer } from "../../../base/tls/certificate-pin.ts";
import { leadsTo } from "../../../base/tls/succession.ts";
import { pins } from "../../../protocol/wire/session.ts";
import type { PinStatement } from "../../../protocol/wire/session.ts";
import type { Pin } from "../../../protocol/pin.ts";
import { Invalid } from "../../../protocol/validate.ts";
import { makeCertificate, outwardAddress } from "../../support/certificates.ts";
import { LineClient, signedIn } from "../../support/line-client.ts";
import { runServerCommand, startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { skip } from "../../support/skip.ts";

const pinIn = (server: ChatServer): string => /^chat:\/\/\S+#(\S+)$/m.exec(server.output.stdout)?.[1] ?? "";

async function pinShown(port: number): Promise<string | undefined> {
  const client = await LineClient.openTls(port);
  const pin = pinOfPeer(client.secure);
  client.destroy();
  return pin;
}

describe("TLS on a real server", function () {
  this.timeout(20_000);
  let server: ChatServer;
  before(async () => (server = await startChatServer()));
  after(async () => server.dispose());

  it("shows the key whose pin the server printed, beside plain JSON on the same port [P-1.4, P-1.7]", async () => {
    assert.equal(await pinShown(server.port), pinIn(server));
    const [alice, bob] = [await signedIn(server.port, "alice"), await LineClient.openTls(server.port)];
    await bob.ask({ type: "register", username: "bob", password: "pw bob" });
    assert.equal((await bob.ask({ type: "auth", username: "bob", password: "pw bob" }))["result"], "ok");
    assert.equal((await alice.ask({ type: "message", to: "bob", msg: "over both" }))["delivery"], "delivered");
    assert.equal((await bob.push("message"))["msg"], "over both");
    for (const client of [alice, bob]) client.destroy();
  });

  it("keeps its key over restarts, in a file for its own user", async () => {
    const data = mkdtempSync(join(tmpdir(), "chat-room-tls-"));
    const first = await startChatServer({ data });
    await first.stop();
    const second = await startChatServer({ data });
    await second.stop();
    assert.equal(pinIn(second), pinIn(first));
    assert.equal(statSync(join(data, identityFile)).mode & 0o777, 0o600);
    writeFileSync(join(data, identityFile), "damaged");
    const third = await runServerCommand(["--port", "0", "--data", data]);
    assert.equal(third.code, 3);
    assert.match(third.stderr, /tls-identity\.pem is damaged\. Restore it/);
    rmSync(data, { recursive: true });
  });

  it("keeps its key at a reload whose file is gone, and makes none [P-1.10]", async () => {
    const own = await startChatServer();
    const pin = pinIn(own);
    rmSync(join(own.data, identityFile));
    await reload(own, "tls_not_reloaded");
    assert.equal(await pinShown(own.port), pin);
    assert.equal(existsSync(join(own.data, identityFile)), false);
    await own.dispose();
  });

  it("refuses TLS 1.2 [P-1.7]", async () => {
    await assert.rejects(LineClient.openTls(server.port, { maxVersion: "TLSv1.2" }), /protocol version/);
  });

  it("resumes no session, so that the certificate is always there (trap) [P-1.7]", async () => {
    const socket = connect({ host: "127.0.0.1", port: server.port, rejectUnauthorized: false });
    let session: Buffer | undefined;
    socket.on("session", (offered) => (session = offered));
    await once(socket, "secureConnect");
    socket.write('{"type":"alive"}\n');
    await once(socket, "data");
    socket.destroy();
    const again = await LineClient.openTls(server.port, { session });
    const secure = again.secure;
    assert.deepEqual([secure.isSessionReused(), pinOfPeer(secure)], [false, pinIn(server)]);
    again.destroy();
  });

  it("closes the connection of a handshake that fails, which Node leaves open (trap) [P-1.4]", async () => {
    const socket = connectTcp({ port: server.port, host: "127.0.0.1", allowHalfOpen: true }).resume();
    const closed = once(socket, "end");
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0xff, 0xff, 0xff, 0xff, 0xff]));
    await closed;
    socket.destroy();
  });

  it("closes a handshake that is not finished after 10 s, which Node leaves open (trap) [P-8.1]", async () => {
    const [silent, begun] = [await LineClient.open(server.port), await LineClient.open(server.port)];
    const shaken = await LineClient.openTls(server.port);
    begun.sendRaw(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    const startMs = performance.now();
    await Promise.all([silent.closed, begun.closed, shaken.closed]);
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs > 9_000 && tookMs < 12_000, `${tookMs} ms`);
  });

  it("closes at once what is no JSON inside TLS, such as a browser's https request [P-1.4]", async () => {
    const client = await LineClient.openTls(server.port);
    client.sendRaw('POST / HTTP/1.1\r\n\r\n{"type":"alive"}\n');
    await client.closed;
    await assert.rejects(client.answer());
  });

  it("answers an object without a newline after 100 ms, and after a half-close, over TLS too [P-1.5]", async () => {
    const client = await LineClient.openTls(server.port);
    client.sendRaw('{"type":"alive","id":1}');
    assert.equal((await client.answer(1))["code"], "not_authenticated");
    client.sendRaw('{"type":"alive","id":2}');
    client.halfClose();
    assert.equal((await client.answer(2))["code"], "not_authenticated");
    await client.closed;
  });

  it("admits clients without a certificate, and takes a proven key for the device, not its word [P-1.9]", async () => {
    const [own, other] = [await makeCertificate({ expired: true }), await makeCertificate()];
    const credentials = { type: "auth", username: "dora", password: "pw dora", device: "laptop" };
    const enter = async (key?: typeof own): Promise<LineClient> => {
      const shown = key === undefined ? {} : { key: key.key, cert: key.certificate };
      const client = await LineClient.openTls(server.port, shown);
      assert.equal((await client.ask(credentials))["result"], "ok");
      return client;
    };
    const setup = await LineClient.openTls(server.port);
    await setup.ask({ type: "register", username: "dora", password: "pw dora" });
    setup.destroy();
    const first = await enter(own);
    const second = await enter(own);
    await first.closed;
    assert.deepEqual(first.waitingPushes, []);
    const third = await enter(other);
    assert.equal((await second.push("kill"))["reason"], "you have logged in at another place.");
    const fourth = await enter();
    assert.equal((await third.push("kill"))["type"], "kill");
    fourth.destroy();
  });

  describe("beyond this machine", () => {
    const outward = outwardAddress();
    it("takes TLS, and answers plain JSON with what to do, at once and without reading it [P-1.8]", async function () {
      if (outward === undefined) skip(this, "this machine has no address but loopback");
      const open = await startChatServer({ args: ["--host", "0.0.0.0"] });
      const client = await LineClient.openTls(open.port, { host: outward });
      assert.equal((await client.ask({ type: "alive" }))["code"], "not_authenticated");
      const plain = await LineClient.open(open.port, outward);
      plain.send({ type: "register", username: "eve", password: "pw" });
      const answer = await plain.answer();
      assert.deepEqual([answer["result"], answer["code"]], ["fail", "bad_request"]);
      assert.match(String(answer["reason"]), /TLS 1\.3.*--plain/);
      await plain.closed;
      const local = await LineClient.open(open.port);
      assert.equal((await local.ask({ type: "alive" }))["code"], "not_authenticated");
      for (const each of [client, local]) each.destroy();
      await open.dispose();
    });

    it("takes plain JSON too with --plain [P-1.8]", async function () {
      if (outward === undefined) skip(this, "this machine has no address but loopback");
      const open = await startChatServer({ args: ["--host", "0.0.0.0", "--plain"] });
      const plain = await LineClient.open(open.port, outward);
      assert.equal((await plain.ask({ type: "alive" }))["code"], "not_authenticated");
      plain.destroy();
      await open.dispose();
    });
  });

  describe("with a certificate of one's own choice", () => {
    let folder: string;
    let args: string[];
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "chat-room-tls-"));
      args = ["--tls-cert", join(folder, "cert.pem"), "--tls-key", join(folder, "key.pem")];
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const write = async (options: Parameters<typeof makeCertificate>[0] = {}): Promise<string> => {
      const made = await makeCertificate(options);
      writeFileSync(join(folder, "cert.pem"), made.certificate);
      writeFileSync(join(folder, "key.pem"), made.key);
      return made.pin;
    };

    it("shows it with its chain, and another one after SIGHUP, without dropping anybody", async () => {
      const authority = await makeCertificate({ isAuthority: true });
      const first = await write({ authority });
      const own = await startChatServer({ args });
      assert.deepEqual([await pinShown(own.port), pinIn(own)], [first, first]);
      const guest = await LineClient.openTls(own.port);
      assert.ok(guest.secure.getPeerCertificate(true).issuerCertificate.raw.length > 0);
      const second = await write();
      await reload(own, "tls_reloaded");
      assert.equal(await pinShown(own.port), second);
      assert.equal((await guest.ask({ type: "alive" }))["code"], "not_authenticated");
      guest.destroy();
      await own.dispose();
    });

    it("announces the new one to those who know the old one, and leaves its pin for invitations [P-1.11]", async () => {
      const first = await write();
      const own = await startChatServer({ args });
      const ask = async (): Promise<readonly PinStatement[]> => {
        const client = await LineClient.openTls(own.port);
        const answer = pins.answer.read(await client.ask({ type: "pins" }), "");
        client.destroy();
        assert.ok(!(answer instanceof Invalid));
        return answer.pins;
      };
      assert.deepEqual(await ask(), []);
      const second = await write();
      await reload(own, "tls_reloaded");
      assert.ok(leadsTo(second as Pin, first as Pin, await ask()));
      assert.match(
        own.output.stderr,
        new RegExp(`"level":"error".*"old":"${first}","new":"${second}".*"tls_pin_changed"`),
      );
      const invitation = await runServerCommand(["invite", "create", "--data", own.data]);
      assert.ok(invitation.stdout.includes(`#${second}\n`));
      await own.dispose();
    });

    it("keeps the old one where the new pair does not do, and says so in the log", async () => {
      const pin = await write();
      const own = await startChatServer({ args });
      writeFileSync(join(folder, "key.pem"), (await makeCertificate()).key);
      await reload(own, "tls_not_reloaded");
      writeFileSync(join(folder, "cert.pem"), "nonsense");
      await reload(own, "tls_not_reloaded");
      assert.equal(await pinShown(own.port), pin);
      await own.dispose();
    });

    it("does not start with a pair that does not do, nor with half of one", async () => {
      await write();
      writeFileSync(join(folder, "key.pem"), (await makeCertificate()).key);
      const wrong = await runServerCommand(["--port", "0", "--data", folder, ...args]);
      assert.equal(wrong.code, 3);
      assert.match(wrong.stderr, /the key is not that of the certificate/);
      const half = await runServerCommand(["--port", "0", "--data", folder, ...args.slice(0, 2)]);
      assert.equal(half.code, 2);
      assert.match(half.stderr, /--tls-cert and --tls-key belong together/);
    });
  });

  it("outlives clients that vanish in the middle of a handshake", async () => {
    for (let count = 0; count < 50; count += 1) {
      const socket = connectTcp(server.port, "127.0.0.1");
      await once(socket, "connect");
      socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
      socket.resetAndDestroy();
    }
    assert.equal(await pinShown(server.port), pinIn(server));
  });
});

/** Sends SIGHUP, and waits for one more line of that event in the log. */
async function reload(server: ChatServer, event: string): Promise<void> {
  const count = (): number => server.output.stderr.split(`"${event}"`).length;
  const before = count();
  server.process.kill("SIGHUP");
  const { stderr } = server.process;
  assert.ok(stderr);
  while (count() === before) await once(stderr, "data");
}
