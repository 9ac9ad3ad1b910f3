// Takes the data folder for a server: creates or checks it, and locks it.

import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../base/error-message.ts";
import type { Disposable } from "../../base/disposable.ts";
import { isServed } from "../admin/socket.ts";
import { StartFailure } from "./start-errors.ts";
import { prepareDataFolder } from "../storage/data-folder.ts";
import { lockFolder } from "../storage/folder-lock.ts";

/** A command may hold the folder for a moment. */
const maxWaitMs = 5_000;
const retryMs = 50;

/** @throws StartFailure */
export async function takeDataFolder(folder: string): Promise<Disposable> {
  const deadlineMs = performance.now() + maxWaitMs;
  for (;;) {
    const lock = tryToTake(folder);
    if (lock) return lock;
    if (performance.now() > deadlineMs || isServed(folder)) {
      throw new StartFailure(
        `Another server is running on the data folder ${folder}. Stop it first, or choose another folder with --data.`,
      );
    }
    await sleep(retryMs);
  }
}

function tryToTake(folder: string): Disposable | undefined {
  try {
    prepareDataFolder(folder);
    return lockFolder(folder);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    throw new StartFailure(
      `The data folder ${folder} cannot be written to (${messageOf(error)}). Give this user access to it, or choose ` +
        "another one with --data.",
      { cause: error },
    );
  }
}
