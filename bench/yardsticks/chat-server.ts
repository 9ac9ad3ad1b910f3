// A Node chat server as people usually write it: text in, split at "\n", JSON.parse, a Map of users. In memory only: no
// passwords, no promise, no bounds. It speaks `auth`, `message` and `broadcast` of our wire, so that the same generator can
// drive it.

import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

interface Line {
  id?: number;
  type?: string;
  username?: string;
  to?: string;
}

/** To which the server writes: the socket itself, or what gathers its lines. */
export interface Peer {
  write(text: string): unknown;
}

const users = new Map<string, Peer>();
const waiting = new Map<string, Line[]>();
/** Newest messages kept for somebody who is away. */
const maxWaiting = 1_000;

function serve(line: Line, peer: Peer, from: string): string {
  const answer = (added = {}): unknown => peer.write(JSON.stringify({ id: line.id, result: "ok", ...added }) + "\n");
  if (line.type === "auth") {
    const name = line.username ?? "";
    users.set(name, peer);
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

/** @param name for the line that says where it listens */
export function runYardstick(name: string, peerOf: (socket: Socket) => Peer): void {
  const server = createServer((socket) => {
    const peer = peerOf(socket);
    let from = "";
    let rest = "";
    socket.setEncoding("utf8");
    socket.setNoDelay(true);
    socket.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) from = serve(JSON.parse(line) as Line, peer, from);
    });
    socket.on("close", () => users.delete(from));
    socket.on("error", () => socket.destroy());
  });

  server.listen(0, "127.0.0.1", () => {
    console.log(`${name} listening on 127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  process.on("SIGTERM", () => process.exit(0));
}
