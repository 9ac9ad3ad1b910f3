// How a command reaches the data folder: through the server that runs on it, or directly if none runs. A command never
// migrates the database: it refuses one of an older version, because its server may be about to come back.

import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../base/error-message.ts";
import { systemClock } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import { connectOnly } from "../../base/rendezvous/connect.ts";
import { NoLine, readLine } from "../../base/rendezvous/read-line.ts";
import { programBuild } from "../../base/version.ts";
import { Invalid } from "../../protocol/validate.ts";
import { databaseFailure, StartFailure } from "../startup/start-errors.ts";
import { prepareDataFolder } from "../storage/data-folder.ts";
import { lockFolder } from "../storage/folder-lock.ts";
import type { PasswordCost } from "../storage/passwords.ts";
import { CommandFailure } from "./command-failure.ts";
import { ownerOf } from "./folder-owner.ts";
import type { FolderOwner } from "./folder-owner.ts";
import { openFolder } from "./open-folder.ts";
import { adminAnswer } from "./requests.ts";
import type { AdminAnswer, AdminRequest } from "./requests.ts";
import { adminProtocol } from "./socket.ts";

/** A request without the field that says who asks. */
export type Asked = AdminRequest extends infer R ? (R extends AdminRequest ? Omit<R, "by"> : never) : never;

export interface Caller {
  /** @throws CommandFailure if the request is refused */
  ask(request: Asked): Promise<AdminAnswer>;
}

/** Others hold the folder for a moment: another command, or a server that starts. */
const maxWaitMs = 10_000;
const retryMs = 50;
/** A password may have to wait for others, and a disk may be slow. */
const answerMs = 60_000;
const maxAnswerBytes = 16 * 1_024 * 1_024;

/**
 * @param cost of hashing passwords, called only if no server runs
 * @throws CommandFailure, and whatever `work` throws
 */
export async function withCaller<T>(
  folder: string,
  cost: () => PasswordCost,
  work: (caller: Caller) => Promise<T>,
): Promise<T> {
  const owner = takeOwner(folder);
  const reached = await reach(folder, owner);
  if ("write" in reached) {
    try {
      return await work({ ask: (request) => askServer(reached, request) });
    } finally {
      reached.destroy();
    }
  }
  try {
    const opened = openFolder(folder, cost);
    try {
      return await work({ ask: async (request) => orThrow(await opened.handle({ ...request, by: by() })) });
    } finally {
      await opened.close();
    }
  } catch (error) {
    throw error instanceof StartFailure ? failureOf(error) : error;
  } finally {
    owner.giveAll();
    reached.dispose();
  }
}

function takeOwner(folder: string): FolderOwner {
  try {
    return ownerOf(folder);
  } catch (error) {
    throw failureOf(databaseFailure(folder, error));
  }
}

/** @returns a connection to the server, or the lock of the folder if none runs */
async function reach(folder: string, owner: FolderOwner): Promise<Socket | Disposable> {
  const deadlineMs = performance.now() + maxWaitMs;
  const call = { build: programBuild, protocol: adminProtocol, subject: "The server", deadlineMs: maxWaitMs };
  for (;;) {
    try {
      prepareDataFolder(folder, owner.user);
      const lock = lockFolder(folder);
      if (lock) return lock;
      const socket = await owner.read((readable) => connectOnly({ ...call, folder: readable }));
      if (socket) return socket;
    } catch (error) {
      throw isOfTheSystem(error) || error instanceof StartFailure
        ? failureOf(databaseFailure(folder, error))
        : new CommandFailure(messageOf(error), { cause: error });
    }
    if (performance.now() > deadlineMs) {
      throw new CommandFailure(
        `The server that runs on ${folder} cannot be reached. Its log says more; a server that has just started may need a moment.`,
      );
    }
    await sleep(retryMs);
  }
}

async function askServer(socket: Socket, request: Asked): Promise<AdminAnswer> {
  socket.write(`${JSON.stringify({ ...request, by: by() })}\n`);
  let line: string;
  try {
    line = await readLine(socket, maxAnswerBytes, systemClock, answerMs);
  } catch (error) {
    if (!(error instanceof NoLine)) throw error;
    throw new CommandFailure(
      `The server did not answer (${error.message}). Look whether it was done before you try again.`,
    );
  }
  const answer = adminAnswer.read(JSON.parse(line), "");
  if (answer instanceof Invalid) throw new CommandFailure(`The server's answer makes no sense: ${answer.reason}.`);
  return orThrow(answer);
}

function orThrow(answer: AdminAnswer): AdminAnswer {
  if (answer.ok) return answer;
  throw new CommandFailure(answer.sentence ?? "The server refused that.");
}

function failureOf(error: StartFailure): CommandFailure {
  return new CommandFailure(error.message, { cause: error, exitCode: error.exitCode });
}

/** Whether it is an error of the system, as opposed to one whose message is a sentence. */
function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && "code" in error;
}

/** Who runs the command, as far as this process knows; for the audit log. */
function by(): string {
  const { SUDO_USER: sudo } = process.env;
  const uid = process.getuid?.();
  const user = sudo ?? (uid === undefined ? "somebody" : `uid ${uid}`);
  return `${user}, process ${process.pid}`.slice(0, 256);
}
