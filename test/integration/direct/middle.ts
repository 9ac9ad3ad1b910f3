// Two people whose every byte goes by somebody: each one's way to the server, and the way to each one's listener. Carol is a
// contact of both, whose connections nobody touches.

import { disconnectDirectly } from "../../../protocol/editor/direct.ts";
import type { Pin } from "../../../protocol/pin.ts";
import { ByteProxy } from "../../chaos/support/byte-proxy.ts";
import type { Chance } from "../../chaos/support/chance.ts";
import { announcing, Waypoint } from "../../chaos/support/waypoint.ts";
import type { Line } from "../../chaos/support/waypoint.ts";
import { makeHome } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { identityOf, Neighbour } from "./neighbour.ts";

export class Middle {
  readonly alice: Neighbour;
  readonly bob: Neighbour;
  readonly carol: Neighbour;
  readonly toAlice: ByteProxy;
  readonly toBob: ByteProxy;
  /** The proxies lead where they were set to, not to the listeners. */
  holdTargets = false;
  flipped = false;
  readonly #server: ChatServer;
  readonly #ofAlice: Waypoint;
  readonly #ofBob: Waypoint;

  private constructor(parts: Parts) {
    this.#server = parts.server;
    this.#ofAlice = parts.ofAlice.waypoint;
    this.#ofBob = parts.ofBob.waypoint;
    this.alice = parts.ofAlice.person;
    this.bob = parts.ofBob.person;
    this.carol = parts.carol;
    this.toAlice = parts.ofAlice.proxy;
    this.toBob = parts.ofBob.proxy;
    for (const { waypoint, proxy } of [parts.ofAlice, parts.ofBob]) {
      waypoint.up = announcing(proxy.port, (real) => {
        if (!this.holdTargets) proxy.target = real;
      });
    }
  }

  static async begin(chance: Chance): Promise<Middle> {
    const server = await startChatServer({ args: ["--rate", "0"] });
    const [ofAlice, ofBob] = await Promise.all([watched("alice", server, chance), watched("bob", server, chance)]);
    const carol = await Neighbour.join("carol", `127.0.0.1:${server.port}`);
    const people = [ofAlice.person, ofBob.person, carol];
    for (const one of people) for (const other of people) if (one !== other) await one.untilKnows(other);
    return new Middle({ server, ofAlice, ofBob, carol });
  }

  /** From now on that one is told that the other is at those ports of this machine. */
  tell(person: Neighbour, ...ports: readonly number[]): void {
    const addresses = ports.map((port) => ({ ip: "127.0.0.1", port: String(port) }));
    rewriteAnswers(this.#waypointOf(person), (line) => {
      return line["type"] === undefined ? { ...line, ip: "127.0.0.1", port: String(ports[0]), addresses } : line;
    });
  }

  /** Each is told that the other has that key, when asked about and when introduced. */
  lieAboutKeys(key: Pin): void {
    for (const waypoint of this.#waypoints) rewriteAnswers(waypoint, (line) => ({ ...line, key }));
  }

  /** One bit is wrong after so many more bytes of the link, in either direction. */
  flipBitAfter(bytes: number): void {
    this.flipped = false;
    let left = bytes;
    for (const proxy of [this.toAlice, this.toBob]) {
      proxy.tamper = (chunk) => {
        if (this.flipped) return chunk;
        left -= chunk.length;
        if (left > 0) return chunk;
        this.flipped = true;
        const changed = Buffer.from(chunk);
        const at = Math.max(0, chunk.length - 1 + left);
        changed[at] = (changed[at] ?? 0) ^ 1;
        return changed;
      };
    }
  }

  async disconnect(): Promise<void> {
    const { alice, bob } = this;
    await alice.view.client.request(disconnectDirectly, { user: bob.name });
    await Promise.all([alice.untilRoute(bob, "server"), bob.untilRoute(alice, "server")]);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.alice, this.bob, this.carol].map((person) => person.dispose()));
    await Promise.all([...this.#waypoints, this.toAlice, this.toBob].map((part) => part.dispose()));
    await this.#server.dispose();
  }

  get #waypoints(): Waypoint[] {
    return [this.#ofAlice, this.#ofBob];
  }

  #waypointOf(person: Neighbour): Waypoint {
    return person === this.alice ? this.#ofAlice : this.#ofBob;
  }
}

/** The answers to `address` and the pushes of `request`. */
function rewriteAnswers(waypoint: Waypoint, rewrite: (line: Line) => Line): void {
  const before = waypoint.down;
  waypoint.down = (given) => {
    const line = before(given);
    const isAddress = line["result"] === "ok" && "ip" in line;
    return isAddress || line["type"] === "request" ? rewrite(line) : line;
  };
}

interface Watched {
  readonly person: Neighbour;
  readonly waypoint: Waypoint;
  readonly proxy: ByteProxy;
}

interface Parts {
  readonly server: ChatServer;
  readonly ofAlice: Watched;
  readonly ofBob: Watched;
  readonly carol: Neighbour;
}

async function watched(name: string, server: ChatServer, chance: Chance): Promise<Watched> {
  const home = makeHome();
  const waypoint = await Waypoint.open({ server: () => server.port, identity: () => identityOf(home) });
  const proxy = await ByteProxy.open(chance);
  waypoint.up = announcing(proxy.port, (real) => (proxy.target = real));
  return { person: await Neighbour.join(name, `127.0.0.1:${waypoint.port}`, { home }), waypoint, proxy };
}
