// The files through which processes of one folder find each other. All are private to the user (`private-file.ts`):
//   rendezvous.json          the endpoint: address and token of the process that serves now
//   rendezvous.life, .start  SQLite files that are only locked (`lock.ts`)
//   rendezvous.holder.json   which process holds the first of them, for sentences only
//   rendezvous.failure.json  why the last start failed; rendezvous.retired.json: when processes were replaced

import { rmSync } from "node:fs";
import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../files/private-file.ts";
import { array, integer, object, string } from "../../protocol/validate.ts";
import type { Infer } from "../../protocol/validate.ts";

const endpointSchema = object({
  address: string({ min: 1, max: 4_096 }),
  /** 256 random bits in base64; new for every process that serves. */
  token: string({ min: 43, max: 44 }),
});
export type Endpoint = Infer<typeof endpointSchema>;

const holderSchema = object({ pid: integer({ min: 1 }), host: string({ min: 1, max: 256 }) });
/** The process that took the lock last. Whether it is alive, only the lock tells. */
export type Holder = Infer<typeof holderSchema>;

const failureSchema = object({ reason: string({ min: 1, max: 4_096 }) });
const retiredSchema = object({ atMs: array(integer({ min: 0 }), { max: 100 }) });

export const lifeLockFile = (folder: string): string => join(folder, "rendezvous.life");
export const startLockFile = (folder: string): string => join(folder, "rendezvous.start");
const endpointFile = (folder: string): string => join(folder, "rendezvous.json");
const holderFile = (folder: string): string => join(folder, "rendezvous.holder.json");
const failureFile = (folder: string): string => join(folder, "rendezvous.failure.json");
const retiredFile = (folder: string): string => join(folder, "rendezvous.retired.json");

export function readEndpoint(folder: string): Endpoint | undefined {
  return readPrivateJson(endpointFile(folder), endpointSchema);
}

export function publishEndpoint(folder: string, endpoint: Endpoint): void {
  writePrivateFile(endpointFile(folder), JSON.stringify(endpoint));
}

/** Removes the endpoint if it is still this one. */
export function withdrawEndpoint(folder: string, token: string): void {
  if (readEndpoint(folder)?.token === token) rmSync(endpointFile(folder), { force: true });
}

export function publishHolder(folder: string, holder: Holder): void {
  writePrivateFile(holderFile(folder), JSON.stringify(holder));
}

export function readHolder(folder: string): Holder | undefined {
  return readPrivateJson(holderFile(folder), holderSchema);
}

export function withdrawHolder(folder: string): void {
  rmSync(holderFile(folder), { force: true });
}

/** Records why a process could not start serving; the caller who started it reports the sentence. */
export function recordStartFailure(folder: string, reason: string): void {
  writePrivateFile(failureFile(folder), JSON.stringify({ reason: reason.slice(0, 4_096) }));
}

export function readStartFailure(folder: string): string | undefined {
  return readPrivateJson(failureFile(folder), failureSchema)?.reason;
}

export function forgetStartFailure(folder: string): void {
  rmSync(failureFile(folder), { force: true });
}

/** When processes of this folder made room for a newer one, milliseconds since 1970. */
export function readRetirements(folder: string): readonly number[] {
  return readPrivateJson(retiredFile(folder), retiredSchema)?.atMs ?? [];
}

export function writeRetirements(folder: string, atMs: readonly number[]): void {
  writePrivateFile(retiredFile(folder), JSON.stringify({ atMs }));
}
