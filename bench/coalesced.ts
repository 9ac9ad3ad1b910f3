// The second yardstick: the same chat server as in yardstick.ts, written with the knowledge that a system call costs more
// than a message. Data for one socket during a turn of the event loop leaves in one write. Still in memory only.

import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

interface Line {
  id?: number;
  type?: string;
  username?: string;
  to?: string;
}

class Peer {
  readonly #socket: Socket;
  #out = "";

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  send(text: string): void {
    if (this.#out === "") setImmediate(() => this.#flush());
    this.#out += text;
  }

  #flush(): void {
    this.#socket.write(this.#out);
    this.#out = "";
  }
}

const users = new Map<string, Peer>();
const waiting = new Map<string, Line[]>();
/** Newest messages kept for somebody who is offline. */
const maxWaiting = 1_000;

function serve(line: Line, peer: Peer, from: string): string {
  const answer = (added = {}): void => peer.send(JSON.stringify({ id: line.id, result: "ok", ...added }) + "\n");
  if (line.type === "auth") {
    const name = line.username ?? "";
    users.set(name, peer);
    answer();
    return name;
  }
  if (line.type === "message") {
    const to = line.to ?? "";
    const target = users.get(to);
    if (target) target.send(JSON.stringify({ ...line, from }) + "\n");
    else keep(to, line);
    answer({ delivery: target ? "delivered" : "queued" });
  } else if (line.type === "broadcast") {
    const text = JSON.stringify({ ...line, from, type: "message", broadcast: true }) + "\n";
    for (const [name, target] of users) if (name !== from) target.send(text);
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
  const peer = new Peer(socket);
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
  console.log(`coalesced listening on 127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("SIGTERM", () => process.exit(0));
