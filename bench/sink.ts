// Measures the generator: a server that does next to nothing. It counts newlines and writes as many ready-made answers and
// pushes, one write per chunk and socket. Its rate is the generator's ceiling: a figure of a real server means something
// only well below it.

import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { messageBytes } from "./load/frames.ts";

const ready = '{"id":1000000000,"result":"ok","delivery":"delivered"}\n';
const push = `${JSON.stringify({ id: 1_000_000_000, type: "message", from: "s00", to: "r00", mid: "mmmmmmmmmmmm-1000000000", msg: "x".repeat(messageBytes) })}\n`;
const blockLines = 4_096;
const answers = Buffer.from(ready.repeat(blockLines));
const pushes = Buffer.from(push.repeat(blockLines));
const newline = 0x0a;

const users = new Map<string, Socket>();

function countLines(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

/**
 * Returns who gets a push for a line of that sender: everyone for the broadcaster, otherwise the recipient of the same
 * number.
 */
function recipients(name: string): Socket[] {
  if (name.startsWith("b")) return [...users].filter(([user]) => user !== name).map(([, socket]) => socket);
  const target = name.startsWith("s") ? users.get(`r${name.slice(1)}`) : undefined;
  return target ? [target] : [];
}

const server = createServer((socket) => {
  let name: string | undefined;
  let targets: Socket[] | undefined;
  socket.setNoDelay(true);
  socket.on("data", (chunk: Buffer) => {
    if (name === undefined) {
      name = (JSON.parse(chunk.toString()) as { username: string }).username;
      users.set(name, socket);
      socket.write(ready);
      return;
    }
    if (name.startsWith("r")) return;
    targets ??= recipients(name);
    const lines = Math.min(countLines(chunk), blockLines);
    socket.write(answers.subarray(0, lines * ready.length));
    for (const target of targets) target.write(pushes.subarray(0, lines * push.length));
  });
  socket.on("close", () => users.delete(name ?? ""));
  socket.on("error", () => socket.destroy());
});

server.listen(0, "127.0.0.1", () => {
  console.log(`sink listening on 127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("SIGTERM", () => process.exit(0));
