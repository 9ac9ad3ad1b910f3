// A process of hostile connections, separate from the test so that they do not slow down the measurement. Opens many of one
// kind at once, lets each attack until the server has closed it, and prints how long the slowest lived.
//   node attacker.ts KIND PORT COUNT MAX_BYTES FROM_ADDRESS

import { connect } from "node:net";
import type { Socket } from "node:net";
import { setInterval } from "node:timers";

export const attackKinds = [
  ...["silent", "unauthenticated", "one byte a second", "reads nothing", "TLS hello never finished"],
  ...["HTTP verb", "no newline", "flood", "crowd"],
] as const;
export type AttackKind = (typeof attackKinds)[number];

/** What an attacker prints. */
export interface AttackResult {
  readonly opened: number;
  readonly closed: number;
  readonly slowestMs: number;
  /** Connections that were told that there are too many [P-8.5]. */
  readonly told: number;
}

const giveUpMs = 30_000;
/** Long enough for a whole crowd to be connected at once. */
const crowdedMs = 3_000;
const chunk = Buffer.alloc(64 * 1_024, "x");
const asks = Buffer.from('{"type":"online"}\n'.repeat(100));

type Attack = (socket: Socket, maxBytes: number) => void;

const attacks: Readonly<Record<string, Attack>> = {
  silent: () => undefined,
  unauthenticated: (socket) => socket.write('{"type":"alive"}\n'),
  "one byte a second": (socket) => {
    socket.write("{");
    const timer = setInterval(() => socket.write(" "), 1_000);
    socket.once("close", () => clearInterval(timer));
  },
  "reads nothing": (socket) => {
    socket.pause();
    pour(socket, asks, Infinity);
  },
  "TLS hello never finished": (socket) => socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00])),
  "HTTP verb": (socket) => socket.write("GET / HTTP/1.1\r\nHost: chat\r\n\r\n"),
  "no newline": (socket, maxBytes) => {
    socket.write('{"type":"');
    pour(socket, chunk, maxBytes);
  },
  flood: (socket) => pour(socket, asks, Infinity),
  crowd: (socket) => {
    socket.write("\n");
    setTimeout(() => socket.destroy(), crowdedMs);
  },
};

/** Sends as fast as the server reads. */
function pour(socket: Socket, bytes: Buffer, maxBytes: number): void {
  let sent = 0;
  const more = (): void => {
    while (sent < maxBytes && !socket.destroyed) {
      sent += bytes.length;
      if (!socket.write(bytes)) return;
    }
  };
  socket.on("drain", more);
  more();
}

async function run(attack: Attack, port: number, count: number, maxBytes: number, from: string): Promise<void> {
  let [opened, closed, slowestMs, told] = [0, 0, 0, 0];
  const lives = Array.from({ length: count }, async () => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: from, noDelay: true });
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => (told += Number(chunk.includes('"rate_limited"'))));
    let openedMs = performance.now();
    socket.once("connect", () => {
      opened += 1;
      openedMs = performance.now();
      attack(socket, maxBytes);
    });
    await new Promise((resolve) => socket.once("close", resolve));
    closed += 1;
    slowestMs = Math.max(slowestMs, performance.now() - openedMs);
  });
  const patience = setTimeout(() => print(), giveUpMs);
  const print = (): never => {
    const result: AttackResult = { opened, closed, slowestMs, told };
    process.stdout.write(`${JSON.stringify(result)}\n`);
    process.exit(0);
  };
  await Promise.all(lives);
  clearTimeout(patience);
  print();
}

const [kind = "", port, count, maxBytes, from = ""] = process.argv.slice(2);
const attack = attacks[kind];
if (attack) await run(attack, Number(port), Number(count), Number(maxBytes), from);
