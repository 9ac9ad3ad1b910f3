// The scenarios in which people talk: everyone signs in, the windows are kept full during warm-up and measurement,
// everything in flight is awaited, and then latency is measured at a fixed rate that does not wait for answers.

import { setTimeout as sleep } from "node:timers/promises";
import { mailboxesPerSender, names } from "./job.ts";
import type { Job, TalkResult } from "./job.ts";
import { measureLatency } from "./latency.ts";
import { cpuSeconds, machineCpuSeconds } from "./proc.ts";
import { Recipient } from "./recipient.ts";
import { Sender } from "./sender.ts";
import { inParallel, signIn } from "./sign-in.ts";
import type { Tokens } from "./sign-in.ts";

const drainMs = 20_000;

interface Cast {
  readonly senders: readonly Sender[];
  readonly recipients: readonly Recipient[];
}

export async function talk(job: Job, tokens: Tokens): Promise<TalkResult> {
  const cast = await gather(job, tokens);
  const count = (): number =>
    job.scenario === "broadcast" ? sum(cast.recipients, "pushed") : sum(cast.senders, "answered");
  for (const sender of cast.senders) sender.start();
  await sleep(job.warmupSeconds * 1_000);
  const before = snapshot(job, count());
  await sleep(job.seconds * 1_000);
  const after = snapshot(job, count());
  for (const sender of cast.senders) sender.stop();
  await drain(job, cast);

  const seconds = after.seconds - before.seconds;
  const share = (what: "server" | "generator" | "machine"): number =>
    before[what] < 0 || after[what] < 0 ? -1 : (after[what] - before[what]) / seconds;
  const [serverCpu, generatorCpu, machineCpu] = [share("server"), share("generator"), share("machine")];
  const sent = sum(cast.senders, "sent");
  const totals = {
    sent,
    refused: sum(cast.senders, "refused"),
    unanswered: sent - sum(cast.senders, "answered"),
    unpushed: expectedPushes(job, cast) - sum(cast.recipients, "pushed"),
    firstRefusal: cast.senders.find((sender) => sender.firstRefusal !== "")?.firstRefusal ?? "",
  };
  const latency = await measureLatency(job, cast.senders);
  return {
    kind: "talk",
    perSecond: (after.count - before.count) / seconds,
    serverCpu,
    generatorCpu,
    otherCpu: machineCpu < 0 ? -1 : Math.max(0, machineCpu - serverCpu - generatorCpu),
    ...latency,
    ...totals,
  };
}

async function gather(job: Job, tokens: Tokens): Promise<Cast> {
  const tag = Date.now().toString(36);
  const pairs = Array.from({ length: job.pairs }, (_, pair) => pair);
  const width = Object.keys(tokens).length > 0 ? 32 : 4;
  const online = job.scenario === "mailbox" ? [] : pairs;
  const acks = job.scenario === "acks";
  const recipients = await inParallel(online, width, async (pair) => {
    return new Recipient(await signIn(job, names.recipient(pair), tokens, acks), acks);
  });
  if (job.scenario === "broadcast") {
    const from = names.broadcaster;
    const link = await signIn(job, from, tokens, false);
    return {
      recipients,
      senders: [new Sender(link, job.inFlight, { type: "broadcast", from, to: [], ids: job.ids, tag })],
    };
  }
  const boxes = Array.from({ length: mailboxesPerSender }, (_, box) => box);
  const senders = await inParallel(pairs, width, async (pair) => {
    const from = names.sender(pair);
    const to = job.scenario === "mailbox" ? boxes.map((box) => names.mailbox(pair, box)) : [names.recipient(pair)];
    const link = await signIn(job, from, tokens, false);
    return new Sender(link, job.inFlight, { type: "message", from, to, ids: job.ids, tag });
  });
  return { senders, recipients };
}

function snapshot(job: Job, count: number): Record<"seconds" | "count" | "server" | "generator" | "machine", number> {
  return {
    seconds: performance.now() / 1_000,
    count,
    server: cpuSeconds(job.pid),
    generator: cpuSeconds(process.pid),
    machine: machineCpuSeconds(),
  };
}

/** Waits until every answer and every push has arrived, or it is clear that they will not. */
async function drain(job: Job, cast: Cast): Promise<void> {
  const deadline = performance.now() + drainMs;
  while (performance.now() < deadline) {
    const open = sum(cast.senders, "sent") - sum(cast.senders, "answered");
    if (open === 0 && sum(cast.recipients, "pushed") >= expectedPushes(job, cast)) return;
    await sleep(20);
  }
}

function expectedPushes(job: Job, cast: Cast): number {
  const sent = sum(cast.senders, "sent");
  if (job.scenario === "mailbox") return 0;
  return job.scenario === "broadcast" ? sent * cast.recipients.length : sent;
}

function sum<K extends string>(items: readonly Readonly<Record<K, number>>[], key: K): number {
  return items.reduce((total, item) => total + item[key], 0);
}
