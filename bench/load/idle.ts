// The memory of idle sessions: the server's resident memory with none, with a fifth, and with all of them, each read once
// it is stable. Meanwhile sessions are kept alive, as by clients [P-8.4].

import { setTimeout as sleep } from "node:timers/promises";
import { names } from "./job.ts";
import type { IdleResult, Job } from "./job.ts";
import type { Link } from "./link.ts";
import { rssKib } from "./proc.ts";
import { inParallel, signIn } from "./sign-in.ts";
import type { Tokens } from "./sign-in.ts";

const sampleMs = 500;
/** Stable: this many samples in a row differ by less than this. */
const samplesAlike = 8;
const alikeKib = 256;
const maxSettleMs = 60_000;
const heartbeatMs = 25_000;

export async function idle(job: Job, tokens: Tokens): Promise<IdleResult> {
  const links: Link[] = [];
  const heartbeat = setInterval(() => {
    for (const link of links) link.write('{"type":"alive"}\n');
  }, heartbeatMs);
  const grow = async (count: number): Promise<number> => {
    const missing = Array.from({ length: count - links.length }, (_, index) => names.idle(links.length + index));
    const width = Object.keys(tokens).length > 0 ? 32 : 4;
    links.push(...(await inParallel(missing, width, (name) => signIn(job, name, tokens, false))));
    for (const link of links) link.handler = { line: () => undefined };
    return settledRssKib(job.pid);
  };
  const before = await settledRssKib(job.pid);
  const fifth = Math.floor(job.idleSessions / 5);
  const some = await grow(fifth);
  const all = await grow(job.idleSessions);
  clearInterval(heartbeat);
  const perSession = (kib: number, sessions: number): number => Math.round((kib * 1_024) / sessions);
  return {
    kind: "idle",
    sessions: links.length,
    rssBeforeKib: before,
    rssAfterKib: all,
    marginalBytes: perSession(all - some, job.idleSessions - fifth),
    wholeBytes: perSession(all - before, job.idleSessions),
  };
}

async function settledRssKib(pid: number): Promise<number> {
  const samples: number[] = [];
  const deadline = performance.now() + maxSettleMs;
  for (;;) {
    samples.push(rssKib(pid));
    const last = samples.slice(-samplesAlike);
    const alike = last.length === samplesAlike && Math.max(...last) - Math.min(...last) < alikeKib;
    if (alike || performance.now() > deadline) return samples.at(-1) ?? -1;
    await sleep(sampleMs);
  }
}
