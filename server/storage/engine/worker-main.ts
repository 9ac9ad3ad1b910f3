// Where the thread of the storage begins when the sources are run as they are; in the bundle it begins in main.ts.

import { parentPort, workerData } from "node:worker_threads";
import { ignoreExperimentalSqlite } from "../../startup/check-runtime.ts";
import { isStorageThread } from "../worker-protocol.ts";
import { runStorageThread } from "./serve-jobs.ts";

ignoreExperimentalSqlite();
if (parentPort && isStorageThread(workerData)) runStorageThread(workerData, parentPort);
