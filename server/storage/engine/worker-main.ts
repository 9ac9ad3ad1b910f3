// The entry point of the storage thread when the sources run unbundled; in the bundle it is main.ts.

import { parentPort, workerData } from "node:worker_threads";
import { ignoreExperimentalSqlite } from "../../startup/check-runtime.ts";
import { isStorageThread } from "../worker-protocol.ts";
import { runStorageThread } from "./serve-jobs.ts";

ignoreExperimentalSqlite();
if (parentPort && isStorageThread(workerData)) runStorageThread(workerData, parentPort);
