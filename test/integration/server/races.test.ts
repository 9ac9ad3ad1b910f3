// Many logins of one account at once, over real sockets: one session lives, and every other client hears of its end.

import assert from "node:assert/strict";
import { LineClient, signedIn } from "../../support/line-client.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("sessions on a running server", function () {
  this.timeout(30_000);
  let server: ChatServer;
  const clients: LineClient[] = [];

  before(async () => {
    server = await startChatServer({ args: ["--password-cost", "8,1"] });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
  });
  after(() => server.dispose());

  for (const secret of ["password", "token"] as const) {
    it(`let one of 50 racing logins by ${secret} live, and every loser hear kill [P-3.6, P-4.1, P-6.4]`, async () => {
      const username = `racer-${secret}`;
      const first = await signedIn(server.port, username, { device: "first" });
      clients.push(first);
      const password = `pw ${username}`;
      const { token } = await first.ask({ type: "auth", username, password, device: "first" });
      const racers = await Promise.all(Array.from({ length: 50 }, () => LineClient.open(server.port)));
      clients.push(...racers);
      const proof = secret === "token" ? { token } : { password };
      const answers = await Promise.all(
        racers.map((racer, index) => racer.ask({ type: "auth", username, ...proof, device: `device ${index}` })),
      );
      for (const answer of answers) assert.equal(answer["result"], "ok");
      const alive = await Promise.all(
        racers.map(async (racer) => {
          const killed = racer.push("kill").then(
            (push) => push["reason"] === "you have logged in at another place.",
            () => false,
          );
          const lives = racer.ask({ type: "alive" }).then(
            (answer) => answer["result"] === "ok",
            () => false,
          );
          // The one that lives hears no kill: it is closed here once it has answered.
          const [stillThere, heard] = await Promise.all([
            lives,
            Promise.race([killed, lives.then((yes) => (yes ? false : killed))]),
          ]);
          return { stillThere, heard };
        }),
      );
      assert.equal(alive.filter(({ stillThere }) => stillThere).length, 1);
      assert.equal(alive.filter(({ heard }) => heard).length, 49);
      assert.equal((await first.push("kill"))["type"], "kill");
    });
  }

  it("show a logout to those who watch within a second, and presence with its text [P-4.7, P-4.13, P-6.2]", async () => {
    const watcher = await signedIn(server.port, "watcher", { presence: true });
    const alice = await signedIn(server.port, "alice");
    clients.push(watcher, alice);
    assert.equal((await watcher.push("presence"))["state"], "available");
    for (const [state, text] of [
      ["away", "lunch"],
      ["dnd", undefined],
      ["available", ""],
    ] as const) {
      await alice.ask({ type: "presence", state, ...(text === undefined ? {} : { text }) });
      const push = await watcher.push("presence");
      assert.deepEqual([push["from"], push["state"], push["text"]], ["alice", state, text]);
    }
    const startMs = performance.now();
    await alice.ask({ type: "logout" });
    assert.equal((await watcher.push("offline"))["from"], "alice");
    assert.ok(performance.now() - startMs < 1_000);
    const online = Object.keys(await watcher.ask({ type: "online" }));
    assert.deepEqual([online.includes("watcher"), online.includes("alice")], [true, false]);
  });
});
