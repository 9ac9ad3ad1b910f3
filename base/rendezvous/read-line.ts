// Reads one bounded line from a socket and leaves everything after it to the next reader. For the few lines before a socket
// is handed to its real protocol.

import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";

const newline = 0x0a;

export class NoLine extends Error {}

/**
 * @param maxBytes of the line, newline not counted
 * @throws NoLine if the peer ended, sent more than that, or took longer than `timeoutMs`
 */
export async function readLine(socket: Socket, maxBytes: number, clock: Clock, timeoutMs: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  return await new Promise<string>((resolve, reject) => {
    const deadline = clock.setTimer(timeoutMs, () => fail("no answer in time"));
    const finish = (): void => {
      deadline.dispose();
      socket.off("readable", take).off("end", ended).off("close", ended).off("error", failed);
    };
    const fail = (why: string): void => {
      finish();
      reject(new NoLine(why));
    };
    const ended = (): void => fail("the other end closed the connection");
    const failed = (error: Error): void => fail(error.message);
    const take = (): void => {
      for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
        const at = chunk.indexOf(newline);
        const part = at === -1 ? chunk : chunk.subarray(0, at);
        length += part.length;
        if (length > maxBytes) {
          fail("the line is too long");
          return;
        }
        parts.push(part);
        if (at === -1) continue;
        finish();
        if (at + 1 < chunk.length) socket.unshift(chunk.subarray(at + 1));
        resolve(Buffer.concat(parts).toString("utf8"));
        return;
      }
    };
    socket.on("readable", take).on("end", ended).on("close", ended).on("error", failed);
    if (socket.destroyed) ended();
    else take();
  });
}
