// A disk that fills up: what cannot be stored is refused with `unavailable`, what was acknowledged before can be read, what
// needs no disk still works, and once there is space again everything continues without a restart. Server, then daemon.

import assert from "node:assert/strict";
import { join } from "node:path";
import { send } from "../../protocol/conversations/kinds/text.ts";
import { LineClient, signedIn } from "../support/line-client.ts";
import { startChatServer } from "../support/server-process.ts";
import { chaos, report } from "./support/chaos.ts";
import { Ledger } from "./support/ledger.ts";
import { Resident } from "./support/pair.ts";
import { SmallDisk } from "./support/small-disk.ts";
import { until } from "./support/until.ts";

const letter = "x".repeat(8_000);

describe("a disk that is full", () => {
  let disk: SmallDisk;
  beforeEach(() => (disk = SmallDisk.mount(8)));
  afterEach(() => disk.dispose());

  chaos(
    "refuses, reads and recovers on the server [P-5.1] [P-5.2]",
    async () => {
      const data = join(disk.folder, "data");
      const server = await startChatServer({ data });
      try {
        const alice = await signedIn(server.port, "alice");
        const carol = await signedIn(server.port, "carol", { acks: true });
        const token = await leave(server.port, "bob");
        disk.fill(4);
        const stored: string[] = [];
        const put = async (): Promise<unknown> => {
          const mid = `m${stored.length}`;
          const answer = await alice.ask({ type: "message", to: "bob", msg: letter, mid });
          if (answer["result"] !== "ok") return answer["code"];
          stored.push(mid);
          return answer["delivery"];
        };
        let last: unknown = "queued";
        while (last === "queued") last = await put();
        assert.equal(last, "unavailable");
        assert.equal((await alice.ask({ type: "message", to: "carol", msg: "hi" }))["delivery"], "delivered");
        assert.equal((await alice.ask({ type: "online" }))["carol"], "carol");
        const full = stored.length;

        const bob = await LineClient.open(server.port);
        bob.acknowledges = true;
        assert.equal((await bob.ask({ type: "auth", token, acks: true, device: "bob" }))["result"], "ok");
        for (const mid of stored) assert.equal((await bob.push("message"))["mid"], mid);
        bob.destroy();
        await bob.closed;

        disk.free();
        await until("a message can be stored again", async () => (await put()) === "queued");
        const again = await LineClient.open(server.port);
        again.acknowledges = true;
        await again.ask({ type: "auth", token, acks: true, device: "bob" });
        assert.equal((await again.push("message"))["mid"], stored.at(-1), "what bob has is not sent again");
        assert.equal(server.process.exitCode, null);
        report(`${full} messages were stored and read, then refused; went on without a restart`);
        for (const client of [alice, carol, again]) client.destroy();
      } finally {
        await server.stop("SIGKILL");
      }
    },
    { unable: () => disk.unable },
  );

  chaos(
    "refuses, reads and recovers in a daemon's history [P-5.1] [P-5.4] [P-5.6]",
    async (chance) => {
      const server = await startChatServer();
      const ledger = new Ledger();
      const alice = await Resident.join("alice", server.port, ledger, chance);
      const bob = await Resident.join("bob", server.port, ledger, chance, { home: join(disk.folder, "home") });
      try {
        disk.fill(4);
        const fromBob = { conversation: "user:alice" as const, text: letter };
        let refused: string | undefined;
        while (refused === undefined) {
          const sent = await bob.view.client.request(send, fromBob);
          if (!sent.ok) refused = sent.code;
        }
        assert.equal(refused, "unavailable");
        const kept = (await bob.read(alice)).length;
        assert.ok(kept > 20, `what was stored can be read: ${kept}`);
        for (let count = 0; count < 20; count += 1) await alice.write(bob);
        await bob.view.untilState("unreachable");

        disk.free();
        bob.impatient = true;
        const last = await alice.write(bob);
        await bob.view.untilMessage(last?.mid ?? "", "received");
        for (const { own, text } of await bob.read(alice)) if (!own) ledger.shown(text);
        report(`${kept} messages were stored and read; ${ledger.judge()}`);
        assert.ok((await bob.view.client.request(send, fromBob)).ok);
        assert.equal(bob.daemon.process.exitCode, null);
      } finally {
        await Promise.all([alice.dispose(), bob.dispose()]);
        await server.dispose();
      }
    },
    { unable: () => disk.unable },
  );
});

/** @returns the token of a user who has an account and is offline */
async function leave(port: number, name: string): Promise<unknown> {
  const client = await LineClient.open(port);
  await client.ask({ type: "register", username: name, password: "pw" });
  const { token } = await client.ask({ type: "auth", username: name, password: "pw", device: name });
  client.destroy();
  await client.closed;
  return token;
}
