// Why there is no connection to the process of a folder, as sentences that say what to do. They name the process and the
// machine that took the lock last; nothing is decided by that.

import { hostname } from "node:os";
import { shownAddress } from "./socket-address.ts";
import { readHolder } from "./files.ts";

export const notStarted = "The daemon did not start in time. Try again; its log says more.";

export function notTrusted(address: string): string {
  return `Something that is not ours listens at ${shownAddress(address)}. End that program, and try again.`;
}

/** It holds the lock, accepted a connection and says nothing. @param subject of a process that is not the daemon */
export function noAnswer(folder: string, subject?: string): string {
  return (
    `${subject ?? named(folder)} does not answer: it is busy, as with a long history, or hangs. Try again in a minute; if it is ` +
    "silent then too, end that process and try again."
  );
}

/** It holds the lock, but what should say where it listens does not. @param subject as in `noAnswer` */
export function outOfReach(folder: string, subject?: string): string {
  if (subject !== undefined) {
    return `${subject} of ${folder} runs and cannot be reached: the files by which it is found are gone. Restart it.`;
  }
  const holder = readHolder(folder);
  if (holder !== undefined && holder.host !== hostname()) {
    return (
      `The daemon of ${folder} runs on another machine (process ${holder.pid} on ${holder.host}), and a folder has one ` +
      "daemon at a time. Use it there, or set CHAT_ROOM_HOME to a folder of this machine's own."
    );
  }
  return (
    `${named(folder)} runs and cannot be reached: the files by which it is found are gone or damaged. It makes them anew ` +
    "within half a minute; try again then. If that does not help, end that process."
  );
}

export function endedAtOnce(folder: string, code: number | null): string {
  return (
    `The daemon ended as soon as it was started (${code === null ? "killed" : `exit code ${code}`}). ` +
    `Look whether the disk is full and whether you may write to ${folder}, and try again.`
  );
}

function named(folder: string): string {
  const holder = readHolder(folder);
  return holder === undefined ? "The daemon" : `The daemon (process ${holder.pid} on ${holder.host})`;
}
