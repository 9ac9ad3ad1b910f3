// Latency at a moderate load: a fixed number of messages per second, whether or not answers arrive (an open loop, so that a
// stall of the server affects every message during it), each timed from its own write to its answer.

import { setTimeout as sleep } from "node:timers/promises";
import type { Job, TalkResult } from "./job.ts";
import type { Sender } from "./sender.ts";

const tickMs = 1;
const settleMs = 300;

type Latency = Pick<TalkResult, "p50Ms" | "p99Ms" | "latencyRate">;

export async function measureLatency(job: Job, senders: readonly Sender[]): Promise<Latency> {
  if (job.scenario === "broadcast" || job.latencySeconds === 0) return { p50Ms: -1, p99Ms: -1, latencyRate: 0 };
  for (const sender of senders) sender.prepareLatency();
  const samples: number[] = [];
  let started = performance.now();
  let sent = 0;
  const send = (): void => {
    const due = Math.floor(((performance.now() - started) / 1_000) * job.latencyRate);
    for (; sent < due; sent += 1) senders[sent % senders.length]?.sendOne();
  };
  const timer = setInterval(send, tickMs);
  await sleep(settleMs);
  started = performance.now();
  sent = 0;
  for (const sender of senders) sender.onLatency = (ms) => samples.push(ms);
  await sleep(job.latencySeconds * 1_000);
  clearInterval(timer);
  const rate = sent / ((performance.now() - started) / 1_000);
  await sleep(settleMs);
  samples.sort((a, b) => a - b);
  const at = (share: number): number => samples[Math.floor(share * (samples.length - 1))] ?? -1;
  return { p50Ms: at(0.5), p99Ms: at(0.99), latencyRate: rate };
}
