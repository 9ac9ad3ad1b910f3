// Measures a daemon with a long history, by the requests of a view: the start to the first answer, pages, searches, what is
// unread, how long others wait meanwhile, and memory. `node bench/history.ts [MESSAGES…]` (default 100,000 and 2,000,000);
// the daemon from source, or the bundle that CHAT_ROOM_TEST_DAEMON names. Prints medians and the 95th of 100 values; needs
// nothing but a temporary folder (1.6 GB for two million messages).

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { daemonStatus, history, snapshot } from "../protocol/api/session.ts";
import { markRead } from "../protocol/conversations/kinds/read-mark.ts";
import { historyAround, search } from "../protocol/api/conversation.ts";
import type { ConversationId } from "../protocol/conversations/conversation-id.ts";
import { DaemonProcess, makeHome } from "../test/support/daemon-process.ts";
import type { TestView } from "../test/support/daemon-process.ts";
import { fill } from "./history/fill.ts";

const account = { user: "me", server: "127.0.0.1:1" };
const times = 21;
const queries: readonly (readonly [string, ConversationId?])[] = [
  ["kernel"],
  ["k"],
  ["erne"],
  ["999999"],
  ["天气"],
  ["nothing_of_it"],
  ["kernel driver socket thread"],
  ["kernel", "user:p7"],
  ["s t", "user:p7"],
];

const sizes = process.argv.slice(2).map(Number);
for (const messages of sizes.length > 0 ? sizes : [100_000, 2_000_000]) {
  const home = makeHome();
  try {
    await measureAll(home, messages);
  } finally {
    await DaemonProcess.disposeAll();
    rmSync(home, { recursive: true, force: true });
  }
}

async function measureAll(home: string, messages: number): Promise<void> {
  const path = prepareHome(home);
  fill(path, messages, account.user);
  write(`\n${messages.toLocaleString("en")} messages, ${megabytes(statSync(path).size)}`);
  const updated = await start(home, "start with the update of the file");
  await untilIndexed(path);
  await updated.stop();
  write(`file with its index: ${megabytes(statSync(path).size)}`);
  for (let round = 0; round < 3; round += 1) await (await start(home, "start")).stop();
  const daemon = await DaemonProcess.start({ home });
  const view = await daemon.view();
  const other = await daemon.view();
  const atRest = memoryOf(daemon);
  await measureReading(view, messages);
  await measureSearches(view, other);
  write(`resident memory: ${megabytes(atRest)} after the start, ${megabytes(memoryOf(daemon))} after all of this`);
  await daemon.stop();
}

/** @returns where the database of the account is */
function prepareHome(home: string): string {
  const hash = createHash("sha256").update(`${account.server}\n${account.user}`).digest("hex").slice(0, 12);
  const folder = join(home, "accounts", `${account.user}-${hash}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, "session.json"), JSON.stringify({ account, token: "token" }), { mode: 0o600 });
  return join(folder, "history.db");
}

/** From the start of the process to the first answer, and to the first that needs the history. */
async function start(home: string, name: string): Promise<DaemonProcess> {
  const begun = performance.now();
  const daemon = await DaemonProcess.start({ home });
  const view = await daemon.view();
  const answered = performance.now() - begun;
  await view.client.request(history, { conversation: "everyone", limit: 60 });
  write(`${name}: first answer ${ms(answered)}, newest page ${ms(performance.now() - begun)}`);
  return daemon;
}

async function untilIndexed(path: string): Promise<void> {
  const begun = performance.now();
  const database = new DatabaseSync(path, { readOnly: true });
  for (;;) {
    const row = database.prepare("SELECT unindexed_through AS left FROM upkeep").get();
    if (row?.["left"] === null) break;
    await sleep(200);
  }
  database.close();
  write(`index built beside everything else in ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
}

async function measureReading(view: TestView, messages: number): Promise<void> {
  const { client } = view;
  const everyone = "everyone" as const;
  const middle = (): number => 1 + Math.floor(Math.random() * messages * 0.45);
  await measure("newest page of 60", () => client.request(history, { conversation: everyone, limit: 60 }));
  await measure("page of 100 from anywhere", () => {
    return client.request(history, { conversation: everyone, before: middle(), limit: 100 });
  });
  await measure("around any message", () => {
    return client.request(historyAround, { conversation: everyone, seq: middle(), limit: 60 });
  });
  await measure("snapshot of 201 contacts", () => client.request(snapshot, {}));
  let read = 0;
  await measure("mark as read, with most unread", () => {
    read += 1;
    return client.request(markRead, { conversation: everyone, upTo: read });
  });
}

async function measureSearches(view: TestView, other: TestView): Promise<void> {
  const all: number[] = [];
  let waited = 0;
  for (const [text, conversation] of queries) {
    const params = { text, limit: 50, ...(conversation !== undefined && { conversation }) };
    const name = `search: ${text}${conversation === undefined ? "" : " in one conversation"}`;
    all.push(
      ...(await measure(name, async () => {
        const found = view.client.request(search, params);
        const begun = performance.now();
        await other.client.request(daemonStatus, {});
        waited = Math.max(waited, performance.now() - begun);
        return await found;
      })),
    );
  }
  report("all searches", all);
  write(`another view waits meanwhile for at most ${ms(waited)}`);
}

async function measure(name: string, act: () => Promise<unknown>): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < times; round += 1) {
    const begun = performance.now();
    await act();
    values.push(performance.now() - begun);
  }
  report(name, values);
  return values;
}

function report(name: string, values: readonly number[]): void {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (part: number): string => ms(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN);
  write(`${name.padEnd(44)} ${at(0.5).padStart(10)} ${at(0.95).padStart(10)}`);
}

function memoryOf(daemon: DaemonProcess): number {
  const status = readFileSync(`/proc/${daemon.process.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) * 1_024;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
