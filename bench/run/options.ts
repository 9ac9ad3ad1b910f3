// The command line of run.ts.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { scenarios } from "../load/job.ts";
import type { Scenario } from "../load/job.ts";
import { kinds } from "./kinds.ts";
import type { Kind } from "./kinds.ts";

export const usage = `node bench/run.ts [scenario…] [options]
  scenarios                direct acks mailbox broadcast idle (all of them if none is named)
  --servers ours,yardstick,coalesced   who takes part, in this order
  --rounds 5               rounds of each, interleaved
  --seconds 5              measured time of one round
  --warmup 2               seconds before it
  --latency-seconds 2      after it, at --latency-rate messages a second; 0: not at all
  --latency-rate 20000
  --pairs 50  --in-flight 64  --sessions 5000 (of idle)
  --no-ids                 requests without the field id
  --server FILE            our server (dist/server.js, or server/main.ts where that is missing)
  --server-arg A --node-arg A   further arguments for our server, and for its Node (--node-arg=--cpu-prof)
  --no-pin                 do not bind server and generator to a core each
  --fresh                  make the accounts again instead of reusing .build/bench-data
  --json                   print one JSON object instead of tables`;

export interface Options {
  readonly scenarios: readonly Scenario[];
  readonly servers: readonly Kind[];
  readonly rounds: number;
  readonly seconds: number;
  readonly warmup: number;
  readonly latencySeconds: number;
  readonly latencyRate: number;
  readonly pairs: number;
  readonly inFlight: number;
  readonly sessions: number;
  readonly ids: boolean;
  readonly pin: boolean;
  readonly fresh: boolean;
  readonly json: boolean;
  readonly serverFile: string;
  readonly serverArgs: readonly string[];
  readonly nodeArgs: readonly string[];
}

/** @throws an error with a sentence for the person who typed it */
export function readOptions(args: readonly string[], root: string): Options | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      servers: { type: "string", default: "ours,yardstick,coalesced" },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "5" },
      warmup: { type: "string", default: "2" },
      "latency-seconds": { type: "string", default: "2" },
      "latency-rate": { type: "string", default: "20000" },
      pairs: { type: "string", default: "50" },
      "in-flight": { type: "string", default: "64" },
      sessions: { type: "string", default: "5000" },
      "no-ids": { type: "boolean", default: false },
      server: { type: "string" },
      "server-arg": { type: "string", multiple: true, default: [] },
      "node-arg": { type: "string", multiple: true, default: [] },
      "no-pin": { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const bundle = resolve(root, "dist/server.js");
  const fallback = existsSync(bundle) ? bundle : resolve(root, "server/main.ts");
  const serverFile = values.server === undefined ? fallback : resolve(values.server);
  const servers = values.servers.split(",").map((name) => oneOf(kinds, name));
  if (servers.includes("ours") && !existsSync(serverFile)) {
    throw new Error(
      `${serverFile} is missing: run npm run build, or leave our server out: --servers yardstick,coalesced`,
    );
  }
  return {
    scenarios: positionals.length === 0 ? scenarios : positionals.map((name) => oneOf(scenarios, name)),
    servers,
    rounds: positive("rounds", values.rounds),
    seconds: positive("seconds", values.seconds),
    warmup: number("warmup", values.warmup),
    latencySeconds: number("latency-seconds", values["latency-seconds"]),
    latencyRate: positive("latency-rate", values["latency-rate"]),
    pairs: Math.min(100, positive("pairs", values.pairs)),
    inFlight: positive("in-flight", values["in-flight"]),
    sessions: positive("sessions", values.sessions),
    ids: !values["no-ids"],
    pin: !values["no-pin"],
    fresh: values.fresh,
    json: values.json,
    serverFile,
    serverArgs: values["server-arg"],
    nodeArgs: values["node-arg"],
  };
}

function oneOf<T extends string>(known: readonly T[], name: string): T {
  const found = known.find((candidate) => candidate === name);
  if (found === undefined) throw new Error(`${name} is none of ${known.join(", ")}`);
  return found;
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || value < 0) throw new Error(`--${name} takes a number, not ${text}`);
  return value;
}

function positive(name: string, text: string): number {
  const value = number(name, text);
  if (value === 0) throw new Error(`--${name} must be above 0`);
  return value;
}
