// Registers every command of the table. A command that throws is a bug of ours: it is logged, and the caller sees it.

import { messageOf } from "../ui/log.ts";
import type { Log } from "../ui/log.ts";
import { Disposables } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import type { AppContext } from "./app-context.ts";
import { commandTable } from "./command-table.ts";
import type { Run } from "./command-table.ts";

export function registerCommands(
  app: AppContext,
  register: (id: string, run: (...given: unknown[]) => unknown) => Disposable,
  log: Log,
): Disposable {
  const disposables = new Disposables();
  for (const [id, run] of Object.entries<Run>(commandTable)) {
    const guarded = async (...given: unknown[]): Promise<unknown> => {
      try {
        return await run(app, ...given);
      } catch (error) {
        log.error(`${id} failed: ${messageOf(error)}`);
        throw error;
      }
    };
    disposables.add(register(id, guarded));
  }
  return disposables;
}
