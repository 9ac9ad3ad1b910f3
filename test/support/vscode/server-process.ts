// Starts a process that serves HTTP on 127.0.0.1 and waits until it answers. If it ends before, or never answers, that is
// an error with its last lines.
import { startTree, type ProcessTree, type TreeOptions } from "./process-tree.ts";
import { until } from "./until.ts";

export interface ServerProcess {
  readonly tree: ProcessTree;
  readonly port: number;
}

export interface ServerOptions extends TreeOptions {
  /** What to call it in an error. */
  readonly name: string;
  /** Finds the port in a line that the process writes; with port 0 only the process knows it. */
  readonly portPattern: RegExp;
  /** Path that answers with a 2xx once the server is ready. */
  readonly readyPath: string;
  readonly deadlineMs: number;
}

export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  let port: number | undefined;
  const tree = startTree({
    ...options,
    onLine: (line) => {
      const found = options.portPattern.exec(line)?.[1];
      if (found !== undefined) port ??= Number(found);
      options.onLine?.(line);
    },
  });
  const ready = until(`${options.name} to answer`, () => answeringPort(port, options.readyPath), options.deadlineMs);
  const early = tree.ended.then((how) => Promise.reject(new Error(how)));
  try {
    return { tree, port: await Promise.race([ready, early]) };
  } catch (error) {
    const log = tree.logTail();
    await tree.dispose();
    throw new Error(`${options.name}: ${String(error)}\n${log}`, { cause: error });
  } finally {
    early.catch(() => undefined);
    ready.catch(() => undefined);
  }
}

/** Runs a process to its end. Throws with its last lines if the exit code is not 0 or the deadline has passed. */
export async function runToEnd(
  options: TreeOptions & { readonly name: string; readonly deadlineMs: number },
): Promise<void> {
  const tree = startTree(options);
  let how: string | undefined;
  void tree.ended.then((ending) => (how = ending));
  try {
    await until(`${options.name} to end`, () => how, options.deadlineMs);
  } finally {
    await tree.dispose();
  }
  if (tree.process.exitCode !== 0) throw new Error(`${options.name} ${how ?? "did not end"}\n${tree.logTail()}`);
}

async function answeringPort(port: number | undefined, path: string): Promise<number | undefined> {
  if (port === undefined) return undefined;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
  await answer.body?.cancel();
  return answer.ok ? port : undefined;
}
