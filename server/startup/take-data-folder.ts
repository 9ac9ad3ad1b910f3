// Takes the data folder for a server: makes or checks it, locks it, and opens the storage in it.

import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../base/error-message.ts";
import type { Disposable } from "../../base/disposable.ts";
import { isServed } from "../admin/socket.ts";
import { StartFailure } from "./start-errors.ts";
import { prepareDataFolder } from "../storage/data-folder.ts";
import { lockFolder } from "../storage/folder-lock.ts";

/** A command may have the folder for a moment. */
const patienceMs = 5_000;
const againMs = 50;

/** @throws StartFailure */
export async function takeDataFolder(folder: string): Promise<Disposable> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const lock = tryToTake(folder);
    if (lock) return lock;
    if (performance.now() > deadlineMs || isServed(folder)) {
      throw new StartFailure(
        `Another server is running on the data folder ${folder}. Stop it first, or choose another folder with --data.`,
      );
    }
    await sleep(againMs);
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
