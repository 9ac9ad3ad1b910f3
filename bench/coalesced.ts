// The second yardstick: the same chat server as in yardstick.ts, written with the knowledge that a system call costs more
// than a message. Data for one socket during a turn of the event loop leaves in one write. Still in memory only.

import type { Socket } from "node:net";
import { runYardstick } from "./yardsticks/chat-server.ts";
import type { Peer } from "./yardsticks/chat-server.ts";

class CoalescedPeer implements Peer {
  readonly #socket: Socket;
  #out = "";

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(text: string): void {
    if (this.#out === "") setImmediate(() => this.#flush());
    this.#out += text;
  }

  #flush(): void {
    this.#socket.write(this.#out);
    this.#out = "";
  }
}

runYardstick("coalesced", (socket) => new CoalescedPeer(socket));
