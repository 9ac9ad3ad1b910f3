// The seed, row by row, against a real server process: success and every failure, exactly as printed.

import assert from "node:assert/strict";
import { transports } from "../../support/line-client.ts";
import type { Line, LineClient } from "../../support/line-client.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

for (const transport of transports) {
  describe(`the seed's requests on a real server, over ${transport.name}`, function () {
    this.timeout(15_000);
    let server: ChatServer;
    let alice: LineClient;
    let bob: LineClient;

    before(async () => {
      server = await startChatServer();
      alice = await transport.signedIn(server.port, "alice");
      bob = await transport.signedIn(server.port, "bob");
    });
    after(async () => {
      alice.destroy();
      bob.destroy();
      await server.dispose();
    });

    /** Exactly as the seed prints it: no id, the answer is the next line. */
    async function seed(client: LineClient, request: object): Promise<Line> {
      client.send(request);
      return await client.answer();
    }

    it("1. auth: ok for the right password, fail otherwise [P-4.1]", async () => {
      const client = await transport.open(server.port);
      await client.ask({ type: "register", username: "abc", password: "123" });
      const right = await seed(client, { type: "auth", username: "abc", password: "123" });
      assert.equal(right["result"], "ok");
      const wrong = await seed(client, { type: "auth", username: "abc", password: "456" });
      const unknown = await seed(client, { type: "auth", username: "nobody", password: "123" });
      assert.deepEqual([wrong["result"], unknown["result"]], ["fail", "fail"]);
      client.destroy();
    });

    it("2. message: arrives as printed; a failure's result is the reason [P-4.2, P-6.1]", async () => {
      const answer = await seed(alice, { type: "message", from: "alice", to: "bob", msg: "messages..." });
      assert.equal(answer["result"], "ok");
      const { type, from, to, msg } = await bob.push("message");
      assert.deepEqual({ type, from, to, msg }, { type: "message", from: "alice", to: "bob", msg: "messages..." });
      const failed = await seed(alice, { type: "message", from: "alice", to: "nobody", msg: "x" });
      assert.equal(failed["result"], "There is no user of that name on this server. Check the spelling.");
      const forged = await seed(alice, { type: "message", from: "bob", to: "alice", msg: "x" });
      assert.equal(forged["code"], "not_you");
      assert.equal(forged["result"], forged["reason"]);
    });

    it("3. broadcast: reaches everyone else, as a message to each [P-4.3, P-6.1]", async () => {
      const answer = await seed(alice, { type: "broadcast", from: "alice", msg: "messages..." });
      assert.equal(answer["result"], "ok");
      const { type, from, to, msg, broadcast } = await bob.push("message");
      assert.deepEqual({ type, from, to, msg }, { type: "message", from: "alice", to: "bob", msg: "messages..." });
      assert.equal(broadcast, true);
      const failed = await seed(alice, { type: "broadcast", from: "bob", msg: "x" });
      assert.equal(failed["result"], failed["reason"]);
    });

    it("4. online: the map of names, without result [P-4.4]", async () => {
      const { alice: first, bob: second, result } = await seed(bob, { type: "online" });
      assert.deepEqual([first, second, result], ["alice", "bob", undefined]);
    });

    it("5. and 6. block and unblock: ok, or fail for an unknown name [P-4.5, P-4.6]", async () => {
      assert.deepEqual(await seed(alice, { type: "block", from: "alice", target: "bob" }), { result: "ok" });
      const refused = await seed(bob, { type: "message", from: "bob", to: "alice", msg: "x" });
      assert.equal(refused["result"], "That user does not take messages from you.");
      assert.deepEqual(await seed(alice, { type: "unblock", from: "alice", target: "bob" }), { result: "ok" });
      for (const type of ["block", "unblock"]) {
        assert.equal((await seed(alice, { type, from: "alice", target: "nobody" }))["result"], "fail");
      }
    });

    it("7. logout: ok, and after it fail [P-4.7]", async () => {
      const carol = await transport.signedIn(server.port, "carol");
      assert.deepEqual(await seed(carol, { type: "logout", from: "carol" }), { result: "ok" });
      assert.equal((await seed(carol, { type: "logout", from: "carol" }))["result"], "fail");
      carol.destroy();
    });

    it("8. address: ip and port of someone who agrees, nulls otherwise [P-4.8, P-6.3]", async () => {
      const dave = await transport.signedIn(server.port, "dave", { port: "5123" });
      alice.send({ type: "address", from: "alice", target: "dave" });
      const request = await dave.push("request");
      assert.equal(request["from"], "alice");
      dave.acknowledge(request);
      assert.deepEqual(await alice.answer(), { result: "ok", ip: "127.0.0.1", port: "5123" });
      alice.send({ type: "address", from: "alice", target: "dave" });
      dave.acknowledge(await dave.push("request"), "no, thank you");
      const { result, ip, port } = await alice.answer();
      assert.deepEqual({ result, ip, port }, { result: "fail", ip: "null", port: "null" });
      dave.destroy();
    });

    it("9. alive: ok [P-4.9]", async () => {
      assert.deepEqual(await seed(alice, { type: "alive", from: "alice" }), { result: "ok" });
      assert.equal((await seed(alice, { type: "alive", from: "bob" }))["result"], "fail");
    });

    it("tells who has left, to those who asked for it [P-6.2]", async () => {
      const watcher = await transport.signedIn(server.port, "watcher", { presence: true });
      const erin = await transport.signedIn(server.port, "erin");
      assert.equal((await watcher.push("presence"))["from"], "erin");
      await erin.ask({ type: "logout" });
      const { type, from } = await watcher.push("offline");
      assert.deepEqual({ type, from }, { type: "offline", from: "erin" });
      watcher.destroy();
      erin.destroy();
    });

    it("kills the session of a user who signs in at another place [P-6.4]", async () => {
      const first = await transport.signedIn(server.port, "frank");
      const second = await transport.signedIn(server.port, "frank");
      const { type, reason } = await first.push("kill");
      assert.deepEqual({ type, reason }, { type: "kill", reason: "you have logged in at another place." });
      await first.closed;
      second.destroy();
    });
  });
}
