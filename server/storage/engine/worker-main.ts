// Where the thread of the storage begins when the sources are run as they are; in the bundle it begins in main.ts.

import { parentPort, workerData } from "node:worker_threads";
import { ignoreExperimentalSqlite } from "../../probe.ts";
import { isStorageThread } from "../worker-protocol.ts";
import { runStorageThread } from "./worker.ts";

ignoreExperimentalSqlite();
if (parentPort && isStorageThread(workerData)) runStorageThread(workerData, parentPort);
