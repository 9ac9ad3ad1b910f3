// Every answer `queued` comes after its message is on the disk [P-5.2], verified from outside in the system calls of a real
// server: the message's bytes are written to the database after its request was read, a sync of that file follows, and only
// then is the answer sent.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signedIn } from "../support/line-client.ts";
import { startChatServer } from "../support/server-process.ts";
import { chaos, report } from "./support/chaos.ts";
import { storingOf, straceArgs } from "./support/trace.ts";
import { within } from "./support/until.ts";

const senders = 10;
const messagesEach = 100;

describe("the disk before the answer", () => {
  chaos(
    "is synced for every answer that says queued [P-5.2]",
    async (chance) => {
      const folder = mkdtempSync(join(tmpdir(), "chat-room-trace-"));
      const trace = join(folder, "trace");
      const server = await startChatServer();
      const pid = String(server.process.pid);
      const strace = spawn("strace", [...straceArgs, "-o", trace, "-p", pid], { stdio: ["ignore", "ignore", "pipe"] });
      const ended = once(strace, "close");
      try {
        await within("strace attached", 10_000, once(strace.stderr, "data"));
        const bob = await signedIn(server.port, "bob");
        await bob.ask({ type: "logout" });
        bob.destroy();
        const clients = await Promise.all(
          Array.from({ length: senders }, (_, index) => signedIn(server.port, `sender${index}`)),
        );
        const ids = Array.from({ length: senders * messagesEach }, (_, index) => `mid-${index}-`);
        // In bursts of every size, so that some answers share a commit and some do not.
        for (let next = 0; next < ids.length;) {
          const burst = ids.slice(next, next + chance.between(1, 40));
          next += burst.length;
          const answers = burst.map(async (id, index) => {
            const client = clients[index % senders];
            client?.send({ type: "message", to: "bob", msg: "stored?", mid: id, id });
            return await client?.answer(id);
          });
          for (const answer of await Promise.all(answers)) assert.equal(answer?.["delivery"], "queued");
        }
        for (const client of clients) client.destroy();
        await server.stop();
        await within("strace ended", 10_000, ended);
        const { answered, safe } = storingOf(readFileSync(trace, "utf8"), ids);
        report(`${safe} of ${answered} answers came after their message was written and synced`);
        assert.deepEqual({ answered, safe }, { answered: ids.length, safe: ids.length });
      } finally {
        if (strace.exitCode === null) strace.kill("SIGTERM");
        await server.dispose();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    {
      unable: () =>
        canTrace()
          ? undefined
          : "no strace that may attach to a process: apt-get install strace, and be root or set kernel.yama.ptrace_scope to 0",
    },
  );
});

/** Whether strace is installed and may attach to processes that it did not start. */
function canTrace(): boolean {
  if (spawnSync("strace", ["-qq", "-o", "/dev/null", process.execPath, "--version"]).status !== 0) return false;
  const scope = spawnSync("cat", ["/proc/sys/kernel/yama/ptrace_scope"], { encoding: "utf8" }).stdout.trim();
  return process.getuid?.() === 0 || scope === "" || scope === "0";
}
