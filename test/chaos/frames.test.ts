// Mutated frames against the real server [P-1, P-2.3]: it does not crash, throw or keep anything of them, answers what can
// be answered, and serves other clients meanwhile. fast-check generates the frames and shrinks failures.

import assert from "node:assert/strict";
import { once } from "node:events";
import fc from "fast-check";
import { LineClient, signedIn } from "../support/line-client.ts";
import { startChatServer } from "../support/server-process.ts";
import type { ChatServer } from "../support/server-process.ts";
import { chaos, report, scaled, seed } from "./support/chaos.ts";
import { badLines, mutant } from "./support/mutants.ts";
import type { Mutant } from "./support/mutants.ts";
import { Probe } from "./support/probed.ts";
import { within } from "./support/until.ts";

const framesPerRun = 200;
const maxBadLines = 15;
const mib = 1_024 * 1_024;

describe("mutated frames", () => {
  chaos("neither stop nor swell the server [P-1.3] [P-1.6] [P-2.3]", async () => {
    const probe = new Probe();
    const server = await startChatServer({ env: probe.env, args: ["--rate", "0"] });
    try {
      const witness = await signedIn(server.port, "witness");
      const attacker = new Attacker(server);
      await attacker.register();
      // Memory that V8 and SQLite allocate once and keep is not a cost of the frames.
      await attack(attacker, witness, 5_000, seed + 1);
      const before = await probe.measure(server.process.pid);
      const frames = scaled(100_000, 1_000_000);
      await attack(attacker, witness, frames, seed);
      const after = await probe.measure(server.process.pid);
      const grownMib = (after.rssBytes - before.rssBytes) / mib;
      const { answered, connections, authenticated } = attacker;
      report(`${frames} frames, ${connections} connections, ${answered} answers; memory ${grownMib.toFixed(1)} MiB`);
      assert.ok(answered > frames / 2, "what can be answered is answered");
      assert.ok(authenticated > connections / 4, `only ${authenticated} of ${connections} connections were signed in`);
      assert.equal(server.process.exitCode, null);
      assert.ok(grownMib < 20, `the memory grew by ${grownMib} MiB`);
      assert.ok(after.fds <= before.fds, `${after.fds - before.fds} descriptors stayed open`);
      const bugs = server.output.stderr
        .split("\n")
        .filter((line) => /request_failed|unheard|nhandled|^\s+at /.test(line));
      assert.deepEqual(bugs.slice(0, 3), []);
    } finally {
      await server.dispose();
      probe.dispose();
    }
  });
});

async function attack(attacker: Attacker, witness: LineClient, frames: number, chanceSeed: number): Promise<void> {
  const run = fc.asyncProperty(
    fc.array(mutant, { minLength: framesPerRun, maxLength: framesPerRun, size: "max" }),
    async (batch) => {
      await attacker.send(batch);
      const answer = await witness.ask({ type: "alive" });
      assert.equal(answer["result"], "ok");
    },
  );
  await fc.assert(run, { seed: chanceSeed, numRuns: Math.ceil(frames / framesPerRun), endOnFailure: true });
}

/** Sends frames both signed in and not, on connections that last until they have sent too many bad ones. */
class Attacker {
  connections = 0;
  answered = 0;
  authenticated = 0;
  readonly #server: ChatServer;
  #token: unknown;

  constructor(server: ChatServer) {
    this.#server = server;
  }

  async register(): Promise<void> {
    for (const name of ["alice", "bob", "mallory"]) (await signedIn(this.#server.port, name)).destroy();
    await this.#signIn();
  }

  async send(batch: readonly Mutant[]): Promise<void> {
    let part: Mutant[] = [];
    let bad = 0;
    for (const frame of batch) {
      const more = badLines(frame);
      if (bad + more > maxBadLines) {
        await this.#sendPart(part);
        [part, bad] = [[], 0];
      }
      part.push(frame);
      bad += more;
    }
    await this.#sendPart(part);
  }

  /** Sends frames until all are answered, or the server closes the connection. */
  async #sendPart(part: readonly Mutant[]): Promise<void> {
    this.connections += 1;
    const client = await LineClient.open(this.#server.port);
    try {
      if (this.connections % 2 === 0) await this.#authenticate(client);
      client.socket.on("data", (text: string) => (this.answered += text.split("\n").length - 1));
      const ended = once(client.socket, "end").catch(() => undefined);
      for (const frame of part) {
        client.sendRaw(frame);
        client.sendRaw("\n");
      }
      const last = client.ask({ type: "alive", token: "none" }).catch(() => undefined);
      await within("an answer or the end of the connection", 10_000, Promise.race([last, ended, client.closed]));
    } finally {
      client.destroy();
      await client.closed;
    }
  }

  async #authenticate(client: LineClient): Promise<void> {
    const answer = await client.ask({ type: "auth", token: this.#token, device: "mutants" });
    if (answer["result"] === "ok") this.authenticated += 1;
    else await this.#signIn();
  }

  /** Signs in again, because a mutated logout may have ended the token. */
  async #signIn(): Promise<void> {
    const client = await LineClient.open(this.#server.port);
    const answer = await client.ask({ type: "auth", username: "mallory", password: "pw mallory", device: "mutants" });
    this.#token = answer["token"];
    client.destroy();
  }
}
