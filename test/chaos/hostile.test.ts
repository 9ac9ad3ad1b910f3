// Hostile connections while fifty pairs chat: each kind is closed within its deadline, leaves no descriptor behind, and
// hardly affects the other people [P-1.3] [P-1.4] [P-8.1] [P-8.3].

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startChatServer } from "../support/server-process.ts";
import type { ChatServer } from "../support/server-process.ts";
import type { AttackKind, AttackResult } from "./support/attacker.ts";
import { SteadyTraffic } from "./support/steady-traffic.ts";
import { chaos, report, scaled } from "./support/chaos.ts";
import { writeToSlowReader } from "./support/slow-reader.ts";
import type { Story } from "./support/slow-reader.ts";
import { Probe } from "./support/probed.ts";
import { until } from "./support/until.ts";

const attackerProgram = fileURLToPath(new URL("./support/attacker.ts", import.meta.url));
const maxBytes = scaled(64, 1_024) * 1_024 * 1_024;
const p99Ms = 250;
/** A hundred people sign in beforehand, and no attack here targets passwords. */
const cheap = ["--password-cost", "8,1"];

/** Ten seconds to authenticate, two to close, and a margin for a machine that the attackers keep busy. */
const patientMs = scaled(13_500, 16_000);
const atOnceMs = 3_000;
/** An attack that ends sooner is repeated, so that there is something to measure. */
const leastMs = 5_000;

/** The kinds that run together, and the time in which the server has to close them. */
const waves: readonly { readonly title: string; readonly kinds: Readonly<Partial<Record<AttackKind, number>>> }[] = [
  {
    title: "that say nothing, little, or something else than the protocol",
    kinds: {
      ...{ silent: patientMs, unauthenticated: patientMs, "one byte a second": patientMs },
      ...{ "TLS hello never finished": patientMs, "HTTP verb": atOnceMs },
    },
  },
  { title: "that never send a newline", kinds: { "no newline": patientMs } },
  { title: "that ask and read nothing", kinds: { "reads nothing": patientMs } },
  { title: "that flood the server with requests", kinds: { flood: patientMs } },
];

describe("hostile connections", () => {
  let probe: Probe;
  let server: ChatServer;
  let chatter: SteadyTraffic;

  before(async () => {
    probe = new Probe();
    server = await startChatServer({ args: cheap, env: probe.env });
    chatter = await SteadyTraffic.join(server.port, 50);
  });
  after(async () => {
    chatter.dispose();
    await server.dispose();
    probe.dispose();
  });

  for (const { title, kinds } of waves) {
    chaos(`${title} are gone in time and disturb nobody [P-1.3] [P-1.4] [P-8.1] [P-8.3]`, async () => {
      const count = scaled(100, 1_000);
      const before = await probe.measure(server.process.pid);
      chatter.start();
      const startMs = performance.now();
      do {
        await Promise.all(
          Object.entries(kinds).map(([kind, deadlineMs]) => attack(kind, server.port, count, deadlineMs)),
        );
      } while (performance.now() - startMs < leastMs);
      await judgeBystanders(chatter);
      const open = async (): Promise<boolean> => (await probe.measure(server.process.pid)).fds <= before.fds;
      await until("every descriptor is closed", open);
    });
  }

  chaos("that signed in and read nothing lose their link, not their messages, and disturb nobody [P-8.3]", async () => {
    const count = scaled(4, 40);
    const before = await probe.measure(server.process.pid);
    chatter.start();
    const told = Array.from({ length: count }, (_, index) =>
      writeToSlowReader(server.port, `deaf${index}`, index % 2 === 0),
    );
    const stories = await Promise.all(told);
    await judgeBystanders(chatter);
    const sum = (what: Exclude<keyof Story, "cutOff">): number =>
      stories.reduce((total, story) => total + story[what], 0);
    report(
      `${count} who read nothing: ${sum("written")} messages of 60 KB written to them, ${sum("delivered")} delivered, ` +
        `${sum("queued")} queued, missing ${sum("missing")}, out of order ${sum("disordered")}; the slowest answer ` +
        `came after ${(Math.max(...stories.map(({ slowestMs }) => slowestMs)) / 1_000).toFixed(1)} s`,
    );
    assert.deepEqual([sum("missing"), sum("disordered")], [0, 0]);
    assert.equal(sum("delivered") + sum("queued"), sum("written"));
    for (const { cutOff, slowestMs } of stories) assert.ok(cutOff && slowestMs < patientMs, JSON.stringify(stories));
    const open = async (): Promise<boolean> => (await probe.measure(server.process.pid)).fds <= before.fds;
    await until("every descriptor is closed", open);
  });
});

/** Loopback addresses count only if the server is told so; Linux has as many of them as needed. */
describe("an address that takes more connections than it may have", () => {
  chaos(
    "is told so beyond its limit, or closed at once, and takes no place from another one [P-8.5]",
    async () => {
      const open = 32;
      const server = await startChatServer({ args: [...cheap, "--limit-loopback", "--connections", `${open}`] });
      const neighbours = await SteadyTraffic.join(server.port, 5);
      try {
        neighbours.start();
        const count = scaled(100, 1_000);
        const { told } = await attack("crowd", server.port, count, patientMs, "127.0.0.2");
        report(`${told} of ${count} were told that they are too many`);
        // At most 16 are told at a time.
        assert.ok(told >= 16 && told <= count - open, `${told} were told`);
        await judgeBystanders(neighbours);
      } finally {
        neighbours.dispose();
        await server.dispose();
      }
    },
    { unable: () => (process.platform === "linux" ? undefined : "there is only one loopback address") },
  );
});

async function judgeBystanders(chatter: SteadyTraffic): Promise<void> {
  const { messages, medianWindowP99Ms, worstMs, ...rest } = await chatter.stop();
  report(
    `beside them ${messages} messages: p99 ${Math.round(rest.p99Ms)} ms, ` +
      `in the median second ${Math.round(medianWindowP99Ms)} ms, worst ${Math.round(worstMs)} ms`,
  );
  assert.ok(medianWindowP99Ms < p99Ms, `the others waited ${medianWindowP99Ms} ms`);
}

/** @param from their address @throws if not all of them are closed in time */
async function attack(
  kind: string,
  port: number,
  count: number,
  deadlineMs: number,
  from = "127.0.0.1",
): Promise<AttackResult> {
  const args = [attackerProgram, kind, String(port), String(count), String(maxBytes), from];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await new Promise((resolve) => child.once("close", resolve));
  const result = JSON.parse(output) as AttackResult;
  const { opened, closed, slowestMs } = result;
  report(`${count} × ${kind}: the last one was gone after ${(slowestMs / 1_000).toFixed(1)} s`);
  assert.deepEqual(
    { opened, closed, late: slowestMs > deadlineMs },
    { opened: count, closed: count, late: false },
    kind,
  );
  return result;
}
