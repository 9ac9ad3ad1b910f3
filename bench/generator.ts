// The load generator: a separate process, so that it can be pinned to the core that the server does not use. Takes one job
// as JSON in its argument and prints one result as JSON. Started by run.ts.

import { readFileSync } from "node:fs";
import { idle } from "./load/idle.ts";
import type { Job } from "./load/job.ts";
import type { Tokens } from "./load/sign-in.ts";
import { talk } from "./load/talk.ts";

const job = JSON.parse(process.argv[2] ?? "{}") as Job;
const tokens = job.tokensFile === "" ? {} : (JSON.parse(readFileSync(job.tokensFile, "utf8")) as Tokens);
const result = await (job.scenario === "idle" ? idle(job, tokens) : talk(job, tokens));
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
