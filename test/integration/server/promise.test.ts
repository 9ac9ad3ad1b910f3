// The promise of section 5 with a real process and a real disk: killed at any moment, nothing that was answered is lost.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transports } from "../../support/line-client.ts";
import type { Line, LineClient } from "../../support/line-client.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

for (const transport of transports) {
  describe(`the promise, with a real disk, over ${transport.name}`, function () {
    this.timeout(60_000);
    let data: string;
    let server: ChatServer;

    beforeEach(async () => {
      data = mkdtempSync(join(tmpdir(), "chat-room-promise-"));
      server = await startChatServer({ data });
    });
    afterEach(async () => {
      await server.dispose();
      rmSync(data, { recursive: true });
    });

    async function restart(signal: NodeJS.Signals): Promise<void> {
      await server.stop(signal);
      server = await startChatServer({ data });
    }

    /** Everything in somebody's mailbox, acknowledged, until a last message marked by `end`. */
    async function drain(client: LineClient, end: string): Promise<Line[]> {
      const lines: Line[] = [];
      for (;;) {
        const push = await client.push("message");
        client.acknowledge(push);
        if (push["msg"] === end) return lines;
        lines.push(push);
      }
    }

    it("delivers to someone offline in order, also over restarts [P-5.3, P-5.6]", async () => {
      const bob = await transport.signedIn(server.port, "bob");
      await bob.ask({ type: "logout" });
      bob.destroy();
      const expected: string[] = [];
      for (const signal of ["SIGKILL", "SIGTERM"] as const) {
        const alice = await transport.signedIn(server.port, "alice");
        for (let index = 0; index < 150; index += 1) {
          const msg = `${signal} ${index}`;
          expected.push(msg);
          alice.send({ type: "message", to: "bob", msg, id: msg });
        }
        assert.equal((await alice.answer(expected.at(-1)))["delivery"], "queued");
        await restart(signal);
      }
      const alice = await transport.signedIn(server.port, "alice");
      const again = await transport.signedIn(server.port, "bob", { acks: true });
      again.acknowledges = false;
      alice.send({ type: "message", to: "bob", msg: "end" });
      const texts = (await drain(again, "end")).map((line) => line["msg"]);
      assert.deepEqual(texts, expected);
      alice.destroy();
      again.destroy();
    });

    it("loses nothing that was answered, and doubles nothing, when it is killed in mid-conversation [P-5]", async () => {
      const bob = await transport.signedIn(server.port, "bob");
      await bob.ask({ type: "logout" });
      bob.destroy();
      const answered = new Set<string>();
      let next = 0;
      for (let kill = 0; kill < 4; kill += 1) {
        const alice = await transport.signedIn(server.port, "alice");
        const stopAt = next + 40 + kill * 37;
        let unanswered = "";
        while (next < stopAt + 200) {
          const mid = `m${next}`;
          next += 1;
          alice.send({ type: "message", to: "bob", msg: mid, mid, id: mid });
          unanswered = mid;
        }
        for (let index = next - 200; index < stopAt; index += 1) {
          const line = await alice.answer();
          if (line["result"] === "ok") answered.add(String(line["id"]));
        }
        await server.stop("SIGKILL");
        await alice.closed;
        // What was answered before the kill counts too.
        for (;;) {
          const line = await alice.answer().catch(() => undefined);
          if (!line) break;
          if (line["result"] === "ok") answered.add(String(line["id"]));
        }
        server = await startChatServer({ data });
        // As a client in doubt does: the same mid again.
        const again = await transport.signedIn(server.port, "alice");
        again.send({ type: "message", to: "bob", msg: unanswered, mid: unanswered, id: unanswered });
        assert.equal((await again.answer(unanswered))["result"], "ok");
        answered.add(unanswered);
        again.destroy();
      }
      const alice = await transport.signedIn(server.port, "alice");
      const reader = await transport.signedIn(server.port, "bob", { acks: true });
      reader.acknowledges = false;
      alice.send({ type: "message", to: "bob", msg: "end" });
      const mids = (await drain(reader, "end")).map((line) => String(line["mid"]));
      assert.equal(new Set(mids).size, mids.length, "no message twice");
      const lost = [...answered].filter((mid) => !mids.includes(mid));
      assert.deepEqual(lost, []);
      alice.destroy();
      reader.destroy();
    });

    it("removes an entry only after its acknowledgement [P-5.3]", async () => {
      const alice = await transport.signedIn(server.port, "alice");
      const bob = await transport.signedIn(server.port, "bob");
      await bob.ask({ type: "logout" });
      bob.destroy();
      for (const msg of ["one", "two"])
        assert.equal((await alice.ask({ type: "message", to: "bob", msg }))["delivery"], "queued");
      const first = await transport.signedIn(server.port, "bob", { acks: true });
      first.acknowledges = false;
      first.acknowledge(await first.push("message"));
      assert.equal((await first.push("message"))["msg"], "two");
      // What is removed is removed in order with what is stored.
      await alice.ask({ type: "register", username: "carol", password: "pw" });
      assert.equal((await alice.ask({ type: "message", to: "carol", msg: "hi" }))["delivery"], "queued");
      await restart("SIGKILL");
      const second = await transport.signedIn(server.port, "bob", { acks: true });
      assert.equal((await second.push("message"))["msg"], "two");
      alice.destroy();
      second.destroy();
    });

    it("goes on with the tokens, blocks and accounts of before [P-3.4, P-4.5]", async () => {
      const alice = await transport.open(server.port);
      await alice.ask({ type: "register", username: "alice", password: "pw" });
      await alice.ask({ type: "register", username: "bob", password: "pw" });
      const { token } = await alice.ask({ type: "auth", username: "alice", password: "pw", device: "laptop" });
      await alice.ask({ type: "block", target: "bob" });
      await restart("SIGKILL");
      const again = await transport.open(server.port);
      assert.equal((await again.ask({ type: "auth", token, device: "laptop" }))["username"], "alice");
      assert.deepEqual((await again.ask({ type: "blocked" }))["users"], ["bob"]);
      assert.equal((await again.ask({ type: "register", username: "BOB", password: "x" }))["code"], "name_taken");
      again.destroy();
    });

    it("closes a link that leaves more than 1 MiB unread, and stores what that did not take [P-8.3]", async () => {
      const alice = await transport.signedIn(server.port, "alice");
      const bob = await transport.signedIn(server.port, "bob");
      bob.socket.pause();
      const msg = "x".repeat(60_000);
      let queued = 0;
      for (let index = 0; index < 400 && queued === 0; index += 1) {
        alice.send({ type: "message", to: "bob", msg, id: index });
        if (index < 100) continue;
        if ((await alice.answer(index - 100))["delivery"] === "queued") queued += 1;
      }
      assert.equal(queued, 1);
      alice.destroy();
      bob.destroy();
    });
  });
}
