// The report of a run: medians, spreads and ratios as Markdown tables that can be pasted into README.md.

import type { IdleResult, TalkResult } from "../load/job.ts";

export interface Row {
  readonly server: string;
  readonly talks: readonly TalkResult[];
  readonly idles: readonly IdleResult[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? -1, sorted[Math.floor(middle)] ?? -1];
  return (low + high) / 2;
}

export function talkTable(rows: readonly Row[]): string {
  const yardstick = rows.find((row) => row.server === "yardstick");
  const lines = rows
    .filter((row) => row.talks.length > 0)
    .map((row) => {
      const of = (pick: (talk: TalkResult) => number): number => median(row.talks.map(pick));
      const rates = row.talks.map((talk) => talk.perSecond);
      const rate = median(rates);
      const base = yardstick ? median(yardstick.talks.map((talk) => talk.perSecond)) : 0;
      const [least, most] = [Math.min(...rates), Math.max(...rates)];
      return [
        row.server,
        whole(rate),
        `${whole(least)} – ${whole(most)}`,
        base > 0 ? `${(rate / base).toFixed(2)}×` : "",
        whole(of(perCpuSecond)),
        percent(of((talk) => talk.serverCpu)),
        percent(of((talk) => talk.generatorCpu)),
        percent(of((talk) => talk.otherCpu)),
        milliseconds(of((talk) => talk.p50Ms)),
        milliseconds(of((talk) => talk.p99Ms)),
        String(row.talks.length),
      ];
    });
  const head = ["server", "a second", "least – most", "ratio", "a CPU second", "its CPU", "generator", "others"];
  return table([...head, "p50 ms", "p99 ms", "rounds"], lines);
}

export function idleTable(rows: readonly Row[]): string {
  const lines = rows
    .filter((row) => row.idles.length > 0)
    .map((row) => {
      const of = (pick: (idle: IdleResult) => number): number => median(row.idles.map(pick));
      return [
        row.server,
        whole(of((idle) => idle.sessions)),
        `${(of((idle) => idle.rssBeforeKib) / 1_024).toFixed(1)} MiB`,
        `${(of((idle) => idle.rssAfterKib) / 1_024).toFixed(1)} MiB`,
        whole(of((idle) => idle.wholeBytes)),
        whole(of((idle) => idle.marginalBytes)),
        String(row.idles.length),
      ];
    });
  const head = ["server", "sessions", "before", "after", "bytes a session", "beyond the first fifth", "rounds"];
  return table(head, lines);
}

/** Returns everything that makes the figures of a round doubtful, as sentences. */
export function doubts(server: string, result: TalkResult): string[] {
  const found: string[] = [];
  const say = (text: string): void => void found.push(`${server}: ${text}`);
  if (result.refused > 0)
    say(`${result.refused} of ${result.sent} refused, first ${result.firstRefusal.slice(0, 300)}`);
  if (result.unanswered !== 0) say(`${result.unanswered} of ${result.sent} without an answer`);
  if (result.unpushed !== 0) say(`${result.unpushed} pushes did not arrive`);
  if (server === "sink") return found;
  if (result.generatorCpu > 0.95) say(`the generator had no room left (${percent(result.generatorCpu)} of its core)`);
  if (result.serverCpu >= 0 && result.serverCpu + result.otherCpu < 0.85) say(`the server waited for something`);
  if (result.otherCpu > 0.15) say(`other processes took ${percent(result.otherCpu)} of a core`);
  return found;
}

/** The server's rate per CPU second; steadier than the rate per second if others use the machine. */
function perCpuSecond(talk: TalkResult): number {
  return talk.serverCpu > 0 ? talk.perSecond / talk.serverCpu : -1;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [head, ...lines];
  const widths = head.map((_, column) => Math.max(3, ...all.map((line) => line[column]?.length ?? 0)));
  const row = (line: readonly string[]): string =>
    `| ${widths.map((width, column) => (line[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [row(head), row(widths.map((width) => "-".repeat(width))), ...lines.map(row)].join("\n");
}

const whole = (value: number): string => (value < 0 ? "unknown" : Math.round(value).toLocaleString("en"));
const percent = (share: number): string => (share < 0 ? "unknown" : `${Math.round(share * 100)} %`);
const milliseconds = (value: number): string => (value < 0 ? "" : value.toFixed(2));
