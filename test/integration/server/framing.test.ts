// What strangers and broken clients send to a real server: each is answered or closed as section 1 says, and the server
// goes on.

import assert from "node:assert/strict";
import { transports } from "../../support/line-client.ts";
import type { LineClient } from "../../support/line-client.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

for (const transport of transports) {
  describe(`bytes on the wire of a real server, over ${transport.name}`, function () {
    this.timeout(15_000);
    let server: ChatServer;
    let client: LineClient;

    before(async () => {
      server = await startChatServer();
    });
    beforeEach(async () => {
      client = await transport.open(server.port);
    });
    afterEach(() => client.destroy());
    after(async () => {
      const survivor = await transport.signedIn(server.port, "survivor");
      survivor.destroy();
      await server.dispose();
    });

    for (const noise of ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\n\r\n{}", "hello\n", "[]\n"]) {
      it(`closes at once, without an answer, what begins with ${JSON.stringify(noise.slice(0, 6))} [P-1.4]`, async () => {
        client.sendRaw(noise);
        await client.closed;
        assert.equal(client.socket.bytesRead, 0);
      });
    }

    it("ignores white space and empty lines before and between objects [P-1.1, P-1.4]", async () => {
      client.sendRaw(' \t\r\n\n{"type":"alive"}\r\n\r\n{"type":"alive","id":1}\n');
      assert.equal((await client.answer())["code"], "not_authenticated");
      assert.equal((await client.answer())["id"], 1);
    });

    it("answers lines that are no object with bad_frame and stays open, 15 times [P-1.6]", async () => {
      const broken = ["{", "{}x", "[1]", '"text"', "null", "5", '{"type":"alive"'];
      client.sendRaw(`{"type":"alive"}\n${broken.join("\n")}\n`);
      assert.equal((await client.answer())["code"], "not_authenticated");
      for (const line of broken) assert.equal((await client.answer())["code"], "bad_frame", line);
      client.sendRaw(
        Buffer.concat([Buffer.from('{"type":"alive","x":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
      );
      assert.equal((await client.answer())["code"], "bad_frame");
      client.sendRaw("{\n".repeat(8));
      for (let count = 0; count < 8; count += 1) assert.equal((await client.answer())["code"], "bad_frame");
      await client.closed;
    });

    it("answers a line of more than 4,096 bytes with too_large and closes, with and without a newline [P-1.3]", async () => {
      client.sendRaw(`{"type":"alive","x":"${"x".repeat(4_096)}`);
      assert.equal((await client.answer())["code"], "too_large");
      await client.closed;
      const other = await transport.open(server.port);
      other.sendRaw(`{"type":"alive","x":"${"x".repeat(4_096)}"}\n`);
      assert.equal((await other.answer())["code"], "too_large");
      await other.closed;
    });

    it("takes 65,536 bytes after authentication and no byte more [P-1.3]", async () => {
      const alice = await transport.signedIn(server.port, "alice");
      const line = (bytes: number) => `{"type":"alive","x":"${"x".repeat(bytes - 23)}"}\n`;
      alice.sendRaw(line(65_536));
      assert.equal((await alice.answer())["result"], "ok");
      alice.sendRaw(line(65_537));
      assert.equal((await alice.answer())["code"], "too_large");
      await alice.closed;
    });

    it("serves a whole object without its newline after a silence [P-1.5]", async () => {
      client.sendRaw('{"type":"alive"}');
      assert.equal((await client.answer())["code"], "not_authenticated");
    });

    it("serves a whole object without its newline at the half-close, answers, then closes [P-1.5]", async () => {
      client.sendRaw('{"type":"alive","id":1}\n{"type":"online","id":2}');
      client.halfClose();
      assert.equal((await client.answer(1))["code"], "not_authenticated");
      assert.equal((await client.answer(2))["code"], "not_authenticated");
      await client.closed;
    });

    it("answers a truncated object at the half-close with bad_frame [P-1.5, P-1.6]", async () => {
      client.sendRaw('{"type":"al');
      client.halfClose();
      assert.equal((await client.answer())["code"], "bad_frame");
      await client.closed;
    });

    it("answers a password that is being checked when the client half-closes [P-1.5]", async () => {
      client.sendRaw(
        '{"type":"register","username":"half","password":"pw"}\n{"type":"auth","username":"half","password":"pw"}\n',
      );
      client.halfClose();
      assert.equal((await client.answer())["result"], "ok");
      assert.equal((await client.answer())["result"], "ok");
      await client.closed;
    });

    it("serves an object that comes byte by byte [P-1.1]", async () => {
      for (const byte of Buffer.from('{"type":"alive","id":"é"}\n')) client.sendRaw(Uint8Array.of(byte));
      assert.equal((await client.answer("é"))["code"], "not_authenticated");
    });

    it("is not confused by fields of Object.prototype [P-1.2]", async () => {
      client.sendRaw('{"__proto__":{"type":"auth"},"constructor":1,"type":"toString","id":1}\n');
      assert.equal((await client.answer(1))["code"], "unknown_type");
      client.sendRaw('{"__proto__":{"type":"alive"},"id":2}\n');
      assert.equal((await client.answer(2))["code"], "bad_request");
    });

    it("survives deeply nested objects [P-1.6]", async () => {
      client.sendRaw(`{"type":"alive","id":1,"x":${"[".repeat(1_900)}${"]".repeat(1_900)}}\n`);
      assert.equal((await client.answer(1))["code"], "not_authenticated");
    });

    it("closes a connection that sends nothing within 10 s [P-8.1]", async () => {
      await client.closed;
    }).timeout(15_000);
  });
}
