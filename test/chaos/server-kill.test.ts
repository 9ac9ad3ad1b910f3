// The server killed at random points under load [P-5]: while it starts to serve, reads, commits, answers, drains. Raw
// clients that behave like daemons write to recipients who are online (with and without acknowledgements), offline, and
// unreliable. A seeded number of lines decides what a kill interrupts; the kernel decides the rest.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChatServer } from "../support/server-process.ts";
import type { ChatServer } from "../support/server-process.ts";
import type { Chance } from "./support/chance.ts";
import { chaos, report, scaled } from "./support/chaos.ts";
import { Ledger } from "./support/ledger.ts";
import { Peer } from "./support/peer.ts";
import { within } from "./support/until.ts";

/** Messages per sender between two kills. */
const maxBurst = 150;
/** No rate limit: as many requests per second as the server can take. */
const args = ["--rate", "0"];
const roundMs = 30_000;

class Town {
  readonly ledger = new Ledger();
  readonly senders: readonly Peer[];
  /** Comes and goes. */
  readonly guest: Peer;
  readonly everybody: readonly Peer[];
  readonly #chance: Chance;

  constructor(chance: Chance) {
    const peer = (name: string, acks: boolean, clumsyOnceIn?: number): Peer =>
      new Peer(name, this.ledger, chance, { acks, ...(clumsyOnceIn === undefined ? {} : { clumsyOnceIn }) });
    this.#chance = chance;
    this.guest = peer("guest", true, 100);
    this.senders = [peer("steady", true), peer("clumsy", true, 60), this.guest];
    this.everybody = [...this.senders, peer("reader", true), peer("classic", false)];
  }

  /** @param killAfter number of lines from the server, over all clients; undefined: everything must arrive */
  async round(data: string, killAfter: number | undefined): Promise<void> {
    const server = await startChatServer({ data, args });
    try {
      await this.#live(server, killAfter);
    } finally {
      await server.stop("SIGKILL");
      for (const peer of this.everybody) peer.disconnect();
    }
    if (server.output.stderr.includes("nhandled")) throw new Error(server.output.stderr);
  }

  /** Resolves at the moment to kill: after that many lines, or when nothing is left to do. */
  async #live(server: ChatServer, killAfter: number | undefined): Promise<void> {
    const absent = killAfter !== undefined && this.#chance.onceIn(2) ? this.guest : undefined;
    const present = this.everybody.filter((peer) => peer !== absent);
    const idle = (): boolean =>
      present.every(({ waiting }) => waiting === 0) && (killAfter !== undefined || this.ledger.pending === 0);
    if (killAfter !== undefined) this.#write();
    let lines = 0;
    const over = new Promise<void>((resolve) => {
      for (const peer of present) {
        peer.onLine = () => {
          lines += 1;
          if (lines === killAfter) resolve();
        };
        peer.onChange = () => {
          if (idle()) resolve();
          else if (!peer.online && server.process.signalCode === null) void peer.connect(server.port);
        };
        void peer.connect(server.port).then(() => {
          if (idle()) resolve();
        });
      }
    });
    const state = (): string => present.map(({ name, waiting, online }) => `${name} ${waiting} ${online}`).join(", ");
    await within(() => `${killAfter ?? "all"} lines; ${lines} came; ${state()}`, roundMs, over);
  }

  #write(): void {
    for (const sender of this.senders) {
      for (let burst = this.#chance.between(1, maxBurst); burst > 0; burst -= 1) {
        const to = this.everybody[this.#chance.between(0, this.everybody.length - 1)];
        if (to && to !== sender) sender.send(to.name);
      }
    }
  }
}

describe("a server that is killed under load", () => {
  let data: string;
  beforeEach(() => (data = mkdtempSync(join(tmpdir(), "chat-room-kill-"))));
  afterEach(() => rmSync(data, { recursive: true, force: true }));

  chaos("loses nothing, shows nothing twice, keeps the order [P-5.1] [P-5.2] [P-5.4] [P-5.6]", async (chance) => {
    const kills = scaled(100, 3_000);
    const environment = new Town(chance);
    const first = await startChatServer({ data, args });
    await Promise.all(environment.everybody.map((peer) => peer.register(first.port)));
    await first.stop("SIGKILL");
    for (let kill = 0; kill < kills; kill += 1) {
      await environment.round(data, chance.between(1, 400));
    }
    const missing = await environment.round(data, undefined).catch((error: unknown) => error);
    environment.ledger.judge();
    if (missing !== undefined) throw missing as Error;
    report(`${kills} kills: ${environment.ledger.judge()}`);
  });
});
