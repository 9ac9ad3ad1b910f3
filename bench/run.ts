// Measures our server and the yardsticks in one run: real processes, rounds in turns so that a noisy minute affects all
// alike, medians at the end. README.md explains the figures.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Result, Scenario } from "./load/job.ts";
import { prepareAccounts } from "./run/accounts.ts";
import type { Kind } from "./run/kinds.ts";
import { describeMachine, machineText } from "./run/machine.ts";
import { readOptions, usage } from "./run/options.ts";
import type { Options } from "./run/options.ts";
import { canPin, output, start } from "./run/process.ts";
import { doubts, idleTable, talkTable } from "./run/report.ts";
import type { Row } from "./run/report.ts";
import { generatorCore, startServer } from "./run/servers.ts";

const bench = import.meta.dirname;
const root = resolve(bench, "..");
/** Memory varies less than speed. */
const maxIdleRounds = 3;

async function round(kind: Kind, scenario: Scenario, options: Options, folder: string): Promise<Result> {
  const seed = kind === "ours" ? await prepareAccounts(scenario, options, { root, folder }) : undefined;
  const server = await startServer(kind, options, { bench, folder, seed: seed?.data });
  try {
    const job: Job = {
      host: server.host,
      port: server.port,
      pid: server.pid,
      scenario,
      tokensFile: seed?.tokensFile ?? "",
      ids: options.ids,
      pairs: options.pairs,
      inFlight: options.inFlight,
      warmupSeconds: options.warmup,
      seconds: options.seconds,
      latencySeconds: kind === "sink" ? 0 : options.latencySeconds,
      latencyRate: options.latencyRate,
      idleSessions: options.sessions,
    };
    const core = options.pin && canPin ? generatorCore : undefined;
    const child = start([join(bench, "generator.ts"), JSON.stringify(job)], { core, errors: 2 });
    return JSON.parse(await output(child)) as Result;
  } finally {
    await server.stop();
    await sleep(100);
  }
}

async function measure(scenario: Scenario, options: Options, folder: string): Promise<readonly Row[]> {
  const talks = scenario !== "idle";
  const rounds = talks ? options.rounds : Math.min(options.rounds, maxIdleRounds);
  const results = new Map<Kind, Result[]>();
  const run = async (kind: Kind): Promise<void> => {
    const result = await round(kind, scenario, options, folder);
    results.set(kind, [...(results.get(kind) ?? []), result]);
    const figure = result.kind === "talk" ? Math.round(result.perSecond) : result.wholeBytes;
    console.error(`${scenario} ${kind}: ${figure}`);
    if (result.kind === "talk") for (const doubt of doubts(kind, result)) console.error(`  ${doubt}`);
  };
  for (let index = 0; index < rounds; index += 1) for (const kind of options.servers) await run(kind);
  if (talks && !options.servers.includes("sink")) await run("sink");
  return [...results].map(([server, list]) => ({
    server,
    talks: list.filter((result) => result.kind === "talk"),
    idles: list.filter((result) => result.kind === "idle"),
  }));
}

const titles: Readonly<Record<Scenario, string>> = {
  direct: "direct: recipients online, without acks; messages answered",
  acks: "acks: recipients online, answering each push; messages answered",
  mailbox: "mailbox: recipients offline; messages answered (ours: after the fsync; the others keep them in memory)",
  broadcast: "broadcast: one to all recipients online; pushes received",
  idle: "idle: authenticated sessions that do nothing; resident memory",
};

async function main(options: Options): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "chat-room-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const machine = describeMachine(folder, options.pin);
  const measured: Partial<Record<Scenario, readonly Row[]>> = {};
  for (const scenario of options.scenarios) measured[scenario] = await measure(scenario, options, folder);
  if (options.json) {
    console.log(JSON.stringify({ machine, options, measured }));
    return;
  }
  console.log(`${machineText(machine)}\n`);
  for (const scenario of options.scenarios) {
    const rows = measured[scenario] ?? [];
    console.log(`### ${titles[scenario]}\n\n${scenario === "idle" ? idleTable(rows) : talkTable(rows)}\n`);
  }
}

let options: Options | "help";
try {
  options = readOptions(process.argv.slice(2), root);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exit(2);
}
try {
  if (options === "help") console.log(usage);
  else await main(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
