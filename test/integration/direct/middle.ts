// Two people whose every byte goes by somebody: each one's way to the server, and the way to each one's listener. Carol is a
// contact of both, whose connections nobody touches.

import { disconnectDirectly } from "../../../protocol/api/direct.ts";
import type { Pin } from "../../../protocol/pin.ts";
import type { ByteProxy } from "../../chaos/support/byte-proxy.ts";
import type { Chance } from "../../chaos/support/chance.ts";
import { DirectPair } from "../../chaos/support/direct-pair.ts";
import { announcing } from "../../chaos/support/waypoint.ts";
import type { Line, Waypoint } from "../../chaos/support/waypoint.ts";
import { Neighbour } from "./neighbour.ts";

export class Middle {
  readonly alice: Neighbour;
  readonly bob: Neighbour;
  readonly carol: Neighbour;
  readonly toAlice: ByteProxy;
  readonly toBob: ByteProxy;
  /** The proxies lead where they were set to, not to the listeners. */
  holdTargets = false;
  flipped = false;
  readonly #pair: DirectPair;

  private constructor(pair: DirectPair, carol: Neighbour) {
    this.#pair = pair;
    this.carol = carol;
    ({ alice: this.alice, bob: this.bob, toAlice: this.toAlice, toBob: this.toBob } = pair);
    const [ofAlice, ofBob] = pair.waypoints;
    for (const [waypoint, proxy] of [[ofAlice, pair.toAlice] as const, [ofBob, pair.toBob] as const]) {
      waypoint.up = announcing(proxy.port, (real) => {
        if (!this.holdTargets) proxy.target = real;
      });
    }
  }

  static async begin(chance: Chance): Promise<Middle> {
    const pair = await DirectPair.start(chance);
    const carol = await Neighbour.join("carol", `127.0.0.1:${pair.serverPort}`);
    for (const person of pair.people) await Promise.all([person.untilKnows(carol), carol.untilKnows(person)]);
    return new Middle(pair, carol);
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
    for (const waypoint of this.#pair.waypoints) rewriteAnswers(waypoint, (line) => ({ ...line, key }));
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
    await this.carol.dispose();
    await this.#pair.dispose();
  }

  #waypointOf(person: Neighbour): Waypoint {
    return this.#pair.waypoints[person === this.alice ? 0 : 1];
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
