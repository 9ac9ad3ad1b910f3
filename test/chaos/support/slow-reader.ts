// A user who signed in and then reads nothing, while a colleague writes to them as fast as a person can: what the server
// answered the writer, and whether all of it is true once the slow reader reads again.

import { setTimeout as later } from "node:timers/promises";
import { signedIn } from "../../support/line-client.ts";
import type { Line, LineClient } from "../../support/line-client.ts";

export interface Story {
  readonly written: number;
  /** Whether the server had closed the link by then; a client that acknowledges disconnects by itself. */
  readonly cutOff: boolean;
  readonly delivered: number;
  readonly queued: number;
  /** Texts that never arrived, in spite of the answers. */
  readonly missing: number;
  /** Texts that arrived after a later one. */
  readonly disordered: number;
  /** From a message to its answer. */
  readonly slowestMs: number;
}

/** Below the limit of one line, so that a few of them fill every buffer on the way. */
const textLength = 60_000;
const paceMs = 40;
/** More than the system's buffers and a window hold together, and no more than may be sent at once [P-8.6]. */
const count = 190;
/** Nothing is read for more than 10 s. */
const deafMs = 12_000;
const closingMs = 2_000;

/** @param acks whether the slow reader promises to acknowledge */
export async function writeToSlowReader(port: number, name: string, acks: boolean): Promise<Story> {
  const deaf = await signedIn(port, name, { acks });
  deaf.socket.pause();
  const writer = await signedIn(port, `${name}-writer`);
  const answers: Line[] = [];
  const asked: Promise<unknown>[] = [];
  let slowestMs = 0;
  while (asked.length < count) {
    const msg = `${asked.length} `.padEnd(textLength, "x");
    const sentMs = performance.now();
    const noted = (answer: Line): void => {
      answers.push(answer);
      slowestMs = Math.max(slowestMs, performance.now() - sentMs);
    };
    asked.push(writer.ask({ type: "message", to: name, msg }).then(noted));
    await later(paceMs);
  }
  await Promise.all(asked);
  const cutOff = acks ? leave(deaf) : await listenAgain(deaf);
  await deaf.closed;
  const heard = (acks ? [] : deaf.waitingPushes).map(numberOf);
  const came = [...heard, ...(await fetchRest(port, name, new Set(heard)))];
  writer.destroy();
  const answered = (delivery: string): number => answers.filter((answer) => answer["delivery"] === delivery).length;
  return {
    ...{ written: asked.length, cutOff, slowestMs, delivered: answered("delivered"), queued: answered("queued") },
    missing: asked.length - new Set(came).size,
    disordered: [...new Set(came)].filter((number, index) => number !== index).length,
  };
}

function leave(deaf: LineClient): true {
  deaf.destroy();
  return true;
}

/** Reads what the system had buffered, and then the end, if the server has closed the link. */
async function listenAgain(deaf: LineClient): Promise<boolean> {
  await later(deafMs);
  const fromMs = performance.now();
  deaf.socket.resume();
  await deaf.closed;
  return performance.now() - fromMs < closingMs;
}

/** Reads what waits in the mailbox. */
async function fetchRest(port: number, name: string, known: ReadonlySet<number>): Promise<number[]> {
  const again = await signedIn(port, name, { acks: true });
  again.acknowledges = true;
  const fetched: number[] = [];
  const seen = new Set(known);
  while (seen.size < count) {
    const push = await again.push("message").catch(() => undefined);
    if (!push) break;
    const number = numberOf(push);
    fetched.push(number);
    seen.add(number);
  }
  again.destroy();
  return fetched;
}

function numberOf({ msg }: Line): number {
  return parseInt(String(msg), 10);
}
