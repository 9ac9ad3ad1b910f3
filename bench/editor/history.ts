// A long conversation, created as in real use: somebody writes, the server passes it on, the daemon stores it. If a
// recipient cannot keep up, their mailbox fills, and the writer waits.

import { setTimeout as wait } from "node:timers/promises";
import { signedIn } from "../../test/support/line-client.ts";

const inFlight = 100;
const fullMs = 1_000;

export async function fillHistory(port: number, from: string, to: string, count: number): Promise<void> {
  const client = await signedIn(port, from, { acks: true });
  let next = 0;
  const write = async (msg: string): Promise<void> => {
    for (;;) {
      const answer = await client.ask({ type: "message", from, to, msg });
      if (answer["result"] === "ok") return;
      if (answer["code"] !== "mailbox_full") throw new Error(JSON.stringify(answer));
      await wait(fullMs);
    }
  };
  const writeOn = async (): Promise<void> => {
    while (next < count) await write(`Message ${next++} of many, with \`code\` and a word or two more.`);
  };
  await Promise.all(Array.from({ length: inFlight }, writeOn));
  client.destroy();
}
