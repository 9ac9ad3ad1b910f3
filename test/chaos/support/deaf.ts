// Somebody who signed in and then reads nothing, while a colleague writes to them at a person's fastest: what the server
// answered the writer, and whether everything it said is true once the deaf one listens again.

import { setTimeout as later } from "node:timers/promises";
import { signedIn } from "../../support/line-client.ts";
import type { Line, LineClient } from "../../support/line-client.ts";

export interface Story {
  readonly written: number;
  /** The link was closed before everything was written that the writer was ready to write. */
  readonly cutOff: boolean;
  readonly delivered: number;
  readonly queued: number;
  /** Texts that never came, in spite of the answers. */
  readonly missing: number;
  /** Texts that came behind a later one. */
  readonly disordered: number;
  /** From the first message to the last answer. */
  readonly tookMs: number;
}

/** Below what one line may have, so that a few of them fill every buffer on the way. */
const textLength = 60_000;
const paceMs = 40;
/** More than the system's buffers and 1 MiB hold together, and not more than may be sent at once [P-8.6]. */
const atMost = 190;

/** @param acks whether the deaf one promises to acknowledge */
export async function tellTheDeaf(port: number, name: string, acks: boolean): Promise<Story> {
  const deaf = await signedIn(port, name, { acks });
  deaf.socket.pause();
  const writer = await signedIn(port, `${name}-writer`);
  const startMs = performance.now();
  const answers: Line[] = [];
  const asked: Promise<unknown>[] = [];
  const isQueued = ({ delivery }: Line): boolean => delivery === "queued";
  while (asked.length < atMost && !answers.some(isQueued)) {
    const msg = `${asked.length} `.padEnd(textLength, "x");
    asked.push(writer.ask({ type: "message", to: name, msg }).then((answer) => answers.push(answer)));
    await later(paceMs);
  }
  await Promise.all(asked);
  const tookMs = performance.now() - startMs;
  const came = await listen(deaf, port, name, acks, answers.filter(isQueued).length);
  writer.destroy();
  return {
    written: asked.length,
    cutOff: asked.length < atMost,
    delivered: answers.filter(({ delivery }) => delivery === "delivered").length,
    queued: answers.filter(isQueued).length,
    missing: asked.length - new Set(came).size,
    disordered: [...new Set(came)].filter((number, index) => number !== index).length,
    tookMs,
  };
}

/** @returns the numbers of what came, on the first connection as far as the system had taken it, then from the mailbox */
async function listen(deaf: LineClient, port: number, name: string, acks: boolean, queued: number): Promise<number[]> {
  if (acks) deaf.destroy();
  else deaf.socket.resume();
  await deaf.closed;
  const again = await signedIn(port, name, { acks: true });
  const fetched: Line[] = [];
  while (fetched.length < queued) fetched.push(await again.push("message"));
  again.destroy();
  const heard = acks ? [] : deaf.waitingPushes;
  return [...heard, ...fetched].map(({ msg }) => parseInt(String(msg), 10));
}
