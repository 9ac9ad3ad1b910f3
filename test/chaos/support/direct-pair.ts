// Two people with real daemons that talk directly, and their server. Every byte between them, and to the server, passes a
// proxy: the proxies in front of the listeners cut, swallow or slow data, and the one in front of the server only makes
// peers dial the proxies. What they write and are shown goes into a ledger.

import { identityOf, Neighbour } from "../../integration/direct/neighbour.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import { makeHome } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { ByteProxy } from "./byte-proxy.ts";
import type { Chance } from "./chance.ts";
import { Ledger } from "./ledger.ts";
import { announcing, Waypoint } from "./waypoint.ts";

/** No rate limit, and cheap passwords, because nothing about passwords is measured. */
const serverArgs = ["--rate", "0", "--password-cost", "8,1"];

export interface Sent {
  readonly by: Neighbour;
  readonly to: Neighbour;
  readonly mid: string;
}

interface Watched {
  readonly person: Neighbour;
  readonly waypoint: Waypoint;
  readonly proxy: ByteProxy;
}

export class DirectPair {
  readonly ledger = new Ledger();
  readonly alice: Neighbour;
  readonly bob: Neighbour;
  readonly toAlice: ByteProxy;
  readonly toBob: ByteProxy;
  readonly waypoints: readonly [Waypoint, Waypoint];
  #serverPort: number;
  readonly #servers: ChatServer[];
  /** How many texts of each history are in the ledger. */
  readonly #judged = new Map<Neighbour, number>();

  private constructor(servers: ChatServer[], ofAlice: Watched, ofBob: Watched) {
    this.#servers = servers;
    this.#serverPort = servers[0]?.port ?? 0;
    this.alice = ofAlice.person;
    this.bob = ofBob.person;
    this.toAlice = ofAlice.proxy;
    this.toBob = ofBob.proxy;
    this.waypoints = [ofAlice.waypoint, ofBob.waypoint];
  }

  static async start(chance: Chance): Promise<DirectPair> {
    const servers = [await startChatServer({ args: serverArgs })];
    const port = (): number => servers.at(-1)?.port ?? 0;
    const [ofAlice, ofBob] = await Promise.all([watched("alice", port, chance), watched("bob", port, chance)]);
    const pair = new DirectPair(servers, ofAlice, ofBob);
    await Promise.all([pair.alice.untilKnows(pair.bob), pair.bob.untilKnows(pair.alice)]);
    return pair;
  }

  get serverPort(): number {
    return this.#serverPort;
  }

  get people(): readonly [Neighbour, Neighbour] {
    return [this.alice, this.bob];
  }

  /** Connects them directly and waits until both chats show it. */
  async link(): Promise<void> {
    this.bob.answer = "always";
    for (const person of this.people) await person.view.untilState("connected");
    await this.alice.connectWithYes(this.bob, "always");
  }

  /** Writes one message after the other, as a person does; stops if the daemon is gone. */
  async write(by: Neighbour, count: number): Promise<Sent[]> {
    const to = by === this.alice ? this.bob : this.alice;
    const sent: Sent[] = [];
    for (let done = 0; done < count; done += 1) {
      const text = this.ledger.write(by.name, to.name);
      const message: ChatMessage | undefined = await by.write(to, text);
      if (!message) break;
      this.ledger.acknowledged(text);
      sent.push({ by, to, mid: message.mid });
    }
    return sent;
  }

  async writeBoth(count: number): Promise<Sent[]> {
    return (await Promise.all(this.people.map((person) => this.write(person, count)))).flat();
  }

  async killServer(): Promise<void> {
    await this.#servers.at(-1)?.stop("SIGKILL");
  }

  /** Starts the server again on the same data; both press Retry until they are connected. */
  async reviveServer(): Promise<void> {
    const data = this.#servers[0]?.data;
    const server = await startChatServer({ args: serverArgs, ...(data === undefined ? {} : { data }) });
    this.#servers.push(server);
    this.#serverPort = server.port;
    await Promise.all(this.people.map((person) => person.untilConnected()));
  }

  heal(): void {
    this.toAlice.heal();
    this.toBob.heal();
  }

  /** Reads new messages in both histories. @returns the figures as a sentence @throws if the promise was broken */
  async judge(): Promise<string> {
    for (const person of this.people) {
      const texts = await person.texts(person === this.alice ? this.bob : this.alice);
      for (const text of texts.slice(this.#judged.get(person))) this.ledger.shown(text);
      this.#judged.set(person, texts.length);
    }
    return this.ledger.judge();
  }

  async dispose(): Promise<void> {
    await Promise.all(this.people.map((person) => person.dispose()));
    await Promise.all([...this.waypoints, this.toAlice, this.toBob].map((part) => part.dispose()));
    for (const server of this.#servers.reverse()) await server.dispose();
  }
}

async function watched(name: string, server: () => number, chance: Chance): Promise<Watched> {
  const home = makeHome();
  const waypoint = await Waypoint.open({ server, identity: () => identityOf(home) });
  const proxy = await ByteProxy.open(chance);
  waypoint.up = announcing(proxy.port, (real) => (proxy.target = real));
  return { person: await Neighbour.join(name, `127.0.0.1:${waypoint.port}`, { home }), waypoint, proxy };
}
