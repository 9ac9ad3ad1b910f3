// The storage thread: takes requests from the main thread and sends replies. All requests that arrived while it was at work
// are taken together, so they share a transaction.

import { receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { systemClock } from "../../../base/clock.ts";
import { databaseFailure } from "../../startup/start-errors.ts";
import { nameRules } from "../name-rules.ts";
import type { Request } from "../operations.ts";
import type { FromWorker, StorageThread, ToWorker } from "../worker-protocol.ts";
import { openEngine, openServerDatabase } from "./open.ts";
import type { OpenEngine } from "./open.ts";

export function runStorageThread({ storageFolder: folder }: StorageThread, port: MessagePort): void {
  const send = (message: FromWorker): void => port.postMessage(message);
  let engine: OpenEngine;
  try {
    engine = openEngine(openServerDatabase(folder, true), {
      ...{ clock: systemClock, names: nameRules, serves: true, folder },
      send: (reply) => send({ kind: "reply", reply }),
    });
    for (const loaded of engine.load()) send({ kind: "loaded", loaded });
  } catch (error) {
    const { message, exitCode } = databaseFailure(folder, error);
    send({ kind: "refused", sentence: message, exitCode });
    port.close();
    return;
  }
  port.on("message", (first: ToWorker) => {
    const requests: Request[] = [];
    let message: ToWorker | undefined = first;
    for (; message?.kind === "request"; message = next(port)) requests.push(message.request);
    if (requests.length > 0) engine.host.take(requests);
    if (message?.kind !== "close") return;
    engine.close();
    send({ kind: "closed" });
    port.close();
  });
  engine.host.start();
  send({ kind: "ready" });
}

/** @returns a message that has already arrived, if any */
function next(port: MessagePort): ToWorker | undefined {
  return (receiveMessageOnPort(port) as { readonly message: ToWorker } | undefined)?.message;
}
