// The reads, writes and syncs of a server that `strace` recorded, in the order in which they ended.

export interface Call {
  readonly name: string;
  /** Path or peer of its file descriptor, as strace decodes it. */
  readonly target: string;
  /** As strace prints it, with all data that was read or written. */
  readonly text: string;
}

export const straceArgs: readonly string[] = [
  ...["-f", "-yy", "-s", "1000000", "--trace=read,write,writev,pwrite64,fsync,fdatasync"],
];

/** A call that another thread's call interrupted counts where it resumed, which is when it was done. */
export function* callsOf(trace: string): Generator<Call> {
  const unfinished = new Map<string, string>();
  for (const line of trace.split("\n")) {
    const parts = /^(?:\[pid\s+)?(\d+)\]?\s+(.*)$/.exec(line);
    const [thread = "", rest = ""] = parts ? [parts[1], parts[2]] : [];
    const begun = /^(.*) <unfinished \.\.\.>$/.exec(rest);
    if (begun) {
      unfinished.set(thread, begun[1] ?? "");
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const text = resumed ? (unfinished.get(thread) ?? "") + (resumed[1] ?? "") : rest;
    const call = /^(\w+)\(\d+<(.*?)>[,)]/.exec(text);
    if (call) yield { name: call[1] ?? "", target: call[2] ?? "", text };
  }
}

export interface Storing {
  /** Answers `queued` that were written. */
  answered: number;
  /**
   * Those whose message was written to the database and synced, after its request was read and before the answer was sent.
   */
  safe: number;
}

/** @param ids of the requests; each is also the `mid` of its message */
export function storingOf(trace: string, ids: readonly string[]): Storing {
  type Stage = "asked" | "written" | "synced";
  const stages = new Map<string, Stage>();
  const waiting = new Set<string>(ids);
  const result: Storing = { answered: 0, safe: 0 };
  for (const { name, target, text } of callsOf(trace)) {
    const isDatabase = target.includes("chat-room.db");
    const isSocket = /TCP|socket/.test(target);
    if ((name === "fsync" || name === "fdatasync") && isDatabase) {
      for (const [id, stage] of stages) if (stage === "written") stages.set(id, "synced");
      continue;
    }
    const reads = name === "read" && isSocket;
    const stores = name === "pwrite64" && isDatabase;
    const answers = name.startsWith("write") && isSocket && text.includes("queued");
    if (!reads && !stores && !answers) continue;
    for (const [id] of text.matchAll(/mid-\d+-/g)) {
      if (!waiting.has(id)) continue;
      if (reads) stages.set(id, "asked");
      else if (stores && stages.get(id) === "asked") stages.set(id, "written");
      else if (answers) {
        result.answered += 1;
        if (stages.get(id) === "synced") result.safe += 1;
        waiting.delete(id);
        stages.delete(id);
      }
    }
  }
  return result;
}
