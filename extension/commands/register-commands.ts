// Registers every declared command, and checks its arguments against its declaration. A command that throws is a bug: it is
// logged, and the caller sees the error.

import { messageOf } from "../ui/log.ts";
import type { Log } from "../ui/log.ts";
import { Disposables } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import type { AppContext } from "./app-context.ts";
import type { RunnableCommand } from "./command.ts";
import { checkedArguments } from "./command-arguments.ts";
import { commands } from "./registry.ts";

export function registerCommands(
  app: AppContext,
  register: (id: string, run: (...given: unknown[]) => unknown) => Disposable,
  log: Log,
): Disposable {
  const disposables = new Disposables();
  for (const { id, arguments: declared = {}, run } of commands as readonly RunnableCommand[]) {
    const guarded = async (...given: unknown[]): Promise<unknown> => {
      try {
        return await run(app, ...checkedArguments(declared, given));
      } catch (error) {
        log.error(`${id} failed: ${messageOf(error)}`);
        throw error;
      }
    };
    disposables.add(register(id, guarded));
  }
  return disposables;
}
