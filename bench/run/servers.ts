// The servers under test as real processes, each on a port of its own choice and, if it is ours, on a fresh copy of the
// data folder with the accounts.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, openSync, closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Kind } from "./kinds.ts";
import type { Options } from "./options.ts";
import { canPin, readyLine, start, stop } from "./process.ts";

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface ServerPlace {
  readonly bench: string;
  /** For data and logs; removed by the caller. */
  readonly folder: string;
  /** The data folder to copy (ours only); undefined to start with an empty one. */
  readonly seed: string | undefined;
  /** Folder for the data; default: a new folder below `folder`. */
  readonly data?: string;
  /** While accounts are created, both cores may be used. */
  readonly unpinned?: boolean;
}

const serverCore = 0;
export const generatorCore = 1;
let starts = 0;

export async function startServer(kind: Kind, options: Options, place: ServerPlace): Promise<RunningServer> {
  starts += 1;
  const logFile = join(place.folder, `${kind}-${starts}.log`);
  const data = place.data ?? join(place.folder, `data-${starts}`);
  if (kind === "ours") {
    if (place.seed === undefined) mkdirSync(data, { recursive: true, mode: 0o700 });
    else cpSync(place.seed, data, { recursive: true });
  }
  const rate = kind === "ours" && knowsRate(options.serverFile) ? ["--rate", "0"] : [];
  const ours = ["--host", "127.0.0.1", "--port", "0", "--data", data, ...rate, ...options.serverArgs];
  const args = kind === "ours" ? [...options.nodeArgs, options.serverFile, ...ours] : [join(place.bench, `${kind}.ts`)];
  const core = options.pin && canPin && place.unpinned !== true ? serverCore : undefined;
  const errors = openSync(logFile, "a");
  const child = start(args, { core, errors });
  closeSync(errors);
  try {
    const ready = await readyLine(child, /listening on (\S+):(\d+)/);
    return { host: ready[1] ?? "", port: Number(ready[2]), pid: child.pid ?? -1, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    const log = readFileSync(logFile, "utf8").slice(-2_000);
    throw new Error(`${kind} did not start (with kept accounts of an older schema: --fresh): ${log}`, { cause: error });
  }
}

const rateKnown = new Map<string, boolean>();

/** Whether the build has the flag that switches the rate limit off; a build without a limit does not. */
function knowsRate(file: string): boolean {
  const known =
    rateKnown.get(file) ?? execFileSync(process.execPath, [file, "--help"], { encoding: "utf8" }).includes("--rate");
  rateKnown.set(file, known);
  return known;
}
