// The yardstick: a Node chat server as people usually write it. Text in, split at "\n", JSON.parse, a Map of users, one
// socket.write per message. In memory only: no passwords, no delivery guarantee, no limits. It supports `auth`, `message`
// and `broadcast` of our wire protocol, so that the same generator can drive it.

import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

interface Line {
  id?: number;
  type?: string;
  username?: string;
  to?: string;
}

const users = new Map<string, Socket>();
const waiting = new Map<string, Line[]>();
/** Newest messages kept for somebody who is offline. */
const maxWaiting = 1_000;

function serve(line: Line, socket: Socket, from: string): string {
  const answer = (added = {}): boolean => socket.write(JSON.stringify({ id: line.id, result: "ok", ...added }) + "\n");
  if (line.type === "auth") {
    const name = line.username ?? "";
    users.set(name, socket);
    answer();
    return name;
  }
  if (line.type === "message") {
    const to = line.to ?? "";
    const target = users.get(to);
    if (target) target.write(JSON.stringify({ ...line, from }) + "\n");
    else keep(to, line);
    answer({ delivery: target ? "delivered" : "queued" });
  } else if (line.type === "broadcast") {
    const text = JSON.stringify({ ...line, from, type: "message", broadcast: true }) + "\n";
    for (const [name, target] of users) if (name !== from) target.write(text);
    answer({ delivered: users.size - 1 });
  }
  return from;
}

function keep(to: string, line: Line): void {
  const list = waiting.get(to) ?? [];
  if (list.length === 0) waiting.set(to, list);
  list.push(line);
  if (list.length > 2 * maxWaiting) list.splice(0, maxWaiting);
}

const server = createServer((socket) => {
  let from = "";
  let rest = "";
  socket.setEncoding("utf8");
  socket.setNoDelay(true);
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) from = serve(JSON.parse(line) as Line, socket, from);
  });
  socket.on("close", () => users.delete(from));
  socket.on("error", () => socket.destroy());
});

server.listen(0, "127.0.0.1", () => {
  console.log(`yardstick listening on 127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("SIGTERM", () => process.exit(0));
