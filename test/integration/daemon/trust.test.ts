// Whom a daemon trusts with a password: real daemons, real servers, and somebody in between.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { identityFile, ownIdentity } from "../../../base/tls/identity.ts";
import * as requests from "../../../protocol/api/session.ts";
import { formatPin } from "../../../protocol/pin.ts";
import { makeCertificate, outwardAddress } from "../../support/certificates.ts";
import { DaemonProcess, runCli } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { skip } from "../../support/skip.ts";
import { Attacker } from "./false-server.ts";

const pinOf = (server: ChatServer): string => /^chat:\/\/\S+#(\S+)$/m.exec(server.output.stdout)?.[1] ?? "";

describe("A daemon and the key of its server", function () {
  this.timeout(40_000);
  const outward = outwardAddress();
  let data: string;
  let server: ChatServer;
  let daemon: DaemonProcess;
  let view: TestView;

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), "chat-room-trust-"));
    [server, daemon] = await Promise.all([
      startChatServer({ data, args: ["--host", "0.0.0.0", "--registration", "open"] }),
      DaemonProcess.start(),
    ]);
    view = await daemon.view();
  });
  afterEach(async () => {
    Attacker.stopAll();
    await DaemonProcess.disposeAll();
    await server.dispose();
    rmSync(data, { recursive: true, force: true });
  });

  const known = (): Record<string, string> => {
    return JSON.parse(readFileSync(join(daemon.home, "known-servers.json"), "utf8")) as Record<string, string>;
  };
  const at = (host = "127.0.0.1"): string => `${host}:${server.port}`;
  const entry = (address: string, pin?: string) => ({
    ...{ server: address, user: "alice", password: "secret of alice" },
    ...(pin === undefined ? {} : { pin }),
  });

  it("trusts a server on this machine at first sight, and keeps its key and its own in private files [P-1.10]", async () => {
    await view.join(server.port, "alice");
    assert.deepEqual(known(), { [at()]: pinOf(server) });
    for (const file of ["known-servers.json", identityFile]) {
      assert.equal(statSync(join(daemon.home, file)).mode & 0o777, 0o600);
    }
  });

  it("sends nothing at all to whoever took the server's place: 0 passwords, 0 tokens [P-1.10]", async () => {
    await view.join(server.port, "alice");
    const { port } = server;
    await server.stop("SIGKILL");
    const attacker = await Attacker.start(port);
    const session = await view.until("distrust", () => {
      return view.session.state === "unreachable" && view.session.distrust !== undefined && view.session;
    });
    assert.deepEqual(session.distrust, { shown: attacker.pin, expected: pinOf(server) });
    assert.match(session.reason, new RegExp(`chat-room trust ${at()} ${attacker.pin}$`));
    for (const pin of [undefined, attacker.pin]) {
      const refused = await view.client.request(requests.signIn, entry(at(), pin));
      assert.ok(!refused.ok && refused.reason.includes("another key than before"));
      const account = await view.client.request(requests.register, entry(at(), pin));
      assert.ok(!account.ok && account.reason.includes("Nothing was sent"));
    }
    assert.ok(attacker.connections >= 5);
    // The one request that is the same for everybody: what the old key says about the new one [P-1.11].
    for (const bytes of attacker.heard) assert.match(bytes.toString(), /^\{"type":"pins","id":1\}\n$/);
    attacker.stop();
    server = await startChatServer({ port, data });
    await view.client.request(requests.reconnect, {});
    await view.untilState("connected");
  });

  it("follows a certificate that is renewed with another key by itself, and says so in its log [P-1.11]", async () => {
    const pair = ["--tls-cert", join(data, "cert.pem"), "--tls-key", join(data, "key.pem")];
    const renew = async (): Promise<string> => {
      const { key, certificate, pin } = await makeCertificate();
      writeFileSync(join(data, "cert.pem"), certificate);
      writeFileSync(join(data, "key.pem"), key);
      return pin;
    };
    await renew();
    const renewed = await startChatServer({ args: pair });
    const { port } = renewed;
    await view.join(port, "alice");
    const pin = await renew();
    renewed.process.kill("SIGHUP");
    while (!renewed.output.stderr.includes("tls_reloaded")) await once(renewed.process.stderr ?? assert.fail(), "data");
    await renewed.stop("SIGKILL");
    const again = await startChatServer({ args: pair, port, data: renewed.data });
    await view.client.request(requests.reconnect, {});
    await view.untilState("connected");
    assert.equal(known()[`127.0.0.1:${port}`], pin);
    assert.match(
      readFileSync(join(daemon.home, "daemon.log"), "utf8"),
      new RegExp(`server_key_followed.*"now":"${pin}"`),
    );
    await again.stop();
    await renewed.dispose();
  });

  it("takes another key after the explicit word of the person only, and connects at once then", async () => {
    await view.join(server.port, "alice");
    const { port } = server;
    await server.stop();
    rmSync(join(data, identityFile));
    server = await startChatServer({ port, data });
    await view.client.request(requests.reconnect, {});
    await view.until("distrust", () => view.session.state === "unreachable" && view.session.distrust);
    const seen = await view.client.request(requests.inspectServer, { server: at() });
    assert.ok(seen.ok && seen.trust === "changed" && seen.pin === pinOf(server) && seen.pin !== seen.expected);
    assert.ok((await view.client.request(requests.trustServer, { server: at(), pin: seen.pin })).ok);
    await view.untilState("connected");
    assert.deepEqual(known(), { [at()]: pinOf(server) });
  });

  it("sends nothing to a server on another machine whose key nobody confirmed [P-1.10]", async function () {
    if (outward === undefined) skip(this, "this machine has no address but loopback");
    const refused = await view.client.request(requests.register, entry(at(outward)));
    assert.ok(!refused.ok && refused.reason.includes(formatPin(pinOf(server))));
    const seen = await view.client.request(requests.inspectServer, { server: at(outward) });
    assert.deepEqual([seen.ok && seen.trust, seen.ok && seen.pin], ["unknown", pinOf(server)]);
    const wrong = await view.client.request(requests.register, entry(at(outward), "A".repeat(43)));
    assert.ok(!wrong.ok && wrong.reason.includes("does not have the key that was named"));
    assert.ok((await view.client.request(requests.register, entry(at(outward), pinOf(server)))).ok);
    assert.deepEqual(known(), { [at(outward)]: pinOf(server) });
    assert.ok((await view.client.request(requests.signIn, entry(at(outward)))).ok);
  });

  it("checks the pin of a chat:// address, on this machine too [P-1.10]", async () => {
    const wrong = await view.client.request(requests.register, entry(`chat://${at()}#${"A".repeat(43)}`));
    assert.ok(!wrong.ok && wrong.reason.includes("does not have the key that was named"));
    const right = entry(`chat://${at()}#${pinOf(server)}`);
    assert.ok((await view.client.request(requests.register, right)).ok);
    const signed = await view.client.request(requests.signIn, right);
    assert.equal(signed.ok && signed.account.server, at());
  });

  it("counts as connected only after the server's answer: a handshake alone is none (trap)", async () => {
    await view.join(server.port, "alice");
    const { port } = server;
    await server.stop();
    const { key, certificate } = await ownIdentity(data, "unused", 0);
    const silent = createServer({ key, cert: certificate }, (socket) => socket.on("error", () => undefined).end());
    await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
    const states: string[] = [];
    const gone = await view.until("an attempt", () => {
      states.push(view.session.state);
      return (
        view.session.state === "unreachable" && view.session.reason.includes("is not a chat server") && view.session
      );
    });
    assert.equal("distrust" in gone, false);
    assert.ok(!states.slice(states.indexOf("unreachable")).includes("connected"));
    silent.close();
  });

  it("shows its device key to the server, the same one after a restart [P-1.9]", async () => {
    const attacker = await Attacker.start();
    const meet = (): Promise<unknown> => view.client.request(requests.signIn, entry(`127.0.0.1:${attacker.port}`));
    await meet();
    await daemon.stop();
    daemon = await DaemonProcess.start({ home: daemon.home });
    view = await daemon.view();
    await meet();
    assert.equal(attacker.keys.length, 2);
    assert.ok(attacker.keys[0] !== undefined && attacker.keys[0] === attacker.keys[1]);
    attacker.stop();
  });

  it("says what is wrong with a damaged file of keys, and signs in once it is gone", async () => {
    for (const file of ["known-servers.json", identityFile]) {
      writeFileSync(join(daemon.home, file), "damaged", { mode: 0o600 });
      const refused = await view.client.request(requests.inspectServer, { server: at() });
      assert.ok(!refused.ok && refused.reason.includes(`${file} is damaged`), file);
      rmSync(join(daemon.home, file));
    }
    await view.join(server.port, "alice");
  });

  it("trusts a certificate chain that the system trusts for that host, an expired self-signed one by its pin", async function () {
    if (outward === undefined) skip(this, "this machine has no address but loopback");
    const authority = await makeCertificate({ isAuthority: true });
    writeFileSync(join(data, "authority.pem"), authority.certificate);
    process.env["NODE_EXTRA_CA_CERTS"] = join(data, "authority.pem");
    const trusting = await DaemonProcess.start().finally(() => delete process.env["NODE_EXTRA_CA_CERTS"]);
    const trustingView = await trusting.view();
    const shown = async (certificate: Awaited<ReturnType<typeof makeCertificate>>): Promise<unknown> => {
      const other = createServer({ key: certificate.key, cert: certificate.certificate });
      await new Promise<void>((resolve) => other.listen(0, outward, resolve));
      const address = `${outward}:${(other.address() as AddressInfo).port}`;
      const seen = await trustingView.client.request(requests.inspectServer, { server: address });
      other.close();
      return seen.ok ? seen.trust : seen.reason;
    };
    assert.equal(await shown(await makeCertificate({ authority, ip: outward })), "trusted");
    assert.equal(await shown(await makeCertificate({ authority, ip: "198.51.100.1" })), "unknown");
    assert.equal(await shown(await makeCertificate({ authority, ip: outward, expired: true })), "unknown");
    const { key, certificate, pin } = await makeCertificate({ expired: true });
    const expired = createServer({ key, cert: certificate });
    await new Promise<void>((resolve) => expired.listen(0, outward, resolve));
    const address = `chat://${outward}:${(expired.address() as AddressInfo).port}#${pin}`;
    const seen = await trustingView.client.request(requests.inspectServer, { server: address });
    assert.equal(seen.ok && seen.trust, "trusted");
    expired.close();
  });

  it("says so where something answers that speaks no TLS, and sends it nothing", async () => {
    let heard = "";
    const old = createTcpServer((socket) => {
      socket
        .on("error", () => undefined)
        .on("data", (bytes: Buffer) => {
          heard += bytes.toString("latin1");
          socket.destroy();
        });
    });
    old.listen(0, "127.0.0.1");
    await once(old, "listening");
    const address = `127.0.0.1:${(old.address() as AddressInfo).port}`;
    const refused = await view.client.request(requests.signIn, entry(address));
    assert.ok(!refused.ok && refused.reason.includes("does not speak TLS 1.3"));
    assert.ok(!heard.includes("secret"));
    old.close();
  });

  describe("from the command line", () => {
    const login = (...args: string[]) =>
      runCli(daemon.home, ["login", "--user", "alice", "--register", "--password-stdin", ...args], "secret of alice");

    it("login shows the key of a new server and how to confirm it, and sends nothing before", async function () {
      if (outward === undefined) skip(this, "this machine has no address but loopback");
      const refused = await login("--server", at(outward));
      assert.equal(refused.code, 1);
      assert.ok(refused.stderr.includes(formatPin(pinOf(server))));
      assert.ok(refused.stderr.includes(`--pin ${pinOf(server)}`));
      const other = await login("--server", at(outward), "--pin", "A".repeat(43));
      assert.equal(other.code, 1);
      assert.match(other.stderr, /shows another key than expected/);
      const slip = await login("--server", at(outward), "--pin", "short");
      assert.equal(slip.code, 2);
      const done = await login("--server", at(outward), "--pin", pinOf(server));
      assert.deepEqual([done.code, done.stderr], [0, ""]);
    });

    it("login needs no question for a chat:// address", async function () {
      if (outward === undefined) skip(this, "this machine has no address but loopback");
      const done = await login("--server", `chat://${at(outward)}#${pinOf(server)}`);
      assert.deepEqual([done.code, done.stderr], [0, ""]);
    });

    it("trust replaces a key, by its pin only where nobody can be asked", async () => {
      assert.equal((await login("--server", at())).code, 0);
      const { port } = server;
      const before = pinOf(server);
      await server.stop();
      rmSync(join(data, identityFile));
      server = await startChatServer({ port, data });
      const refused = await runCli(
        daemon.home,
        ["login", "--server", at(), "--user", "alice", "--password-stdin"],
        "x",
      );
      assert.equal(refused.code, 1);
      assert.ok(refused.stderr.includes(`chat-room trust ${at()} ${pinOf(server)}`));
      const asked = await runCli(daemon.home, ["trust", at()]);
      assert.equal(asked.code, 1);
      for (const pin of [before, pinOf(server)]) assert.ok(asked.stderr.includes(formatPin(pin)));
      assert.equal((await runCli(daemon.home, ["trust", at(), "short"])).code, 2);
      assert.equal((await runCli(daemon.home, ["trust", at(), pinOf(server)])).code, 0);
      assert.deepEqual(known(), { [at()]: pinOf(server) });
      await view.untilState("connected");
    });
  });
});
