// Every network fault, in every state of the protocol, between real daemons and the real server. Within 10 s after the
// network has recovered, everything is as if nothing had happened: each message shown once and in order, no state left
// open, both people online for each other. Recovery includes what a person does: Retry.

import assert from "node:assert/strict";
import { signOut } from "../../protocol/api/session.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { Chance } from "./support/chance.ts";
import { chaos, report, scaled } from "./support/chaos.ts";
import { faults } from "./support/faults.ts";
import type { Fault } from "./support/faults.ts";
import type { Sees } from "./support/cutter.ts";
import { Pair } from "./support/pair.ts";
import type { Resident } from "./support/pair.ts";
import { drop } from "./support/proxy.ts";
import { recordStates, states } from "./support/states.ts";
import type { ProtocolState } from "./support/states.ts";
import { within } from "./support/until.ts";

const convergeMs = 10_000;

/** What the proxy sees, and the states that it can recognize from it. */
const views: readonly (readonly [sees: Sees, where: string, struck: readonly ProtocolState[]])[] = [
  ["lines", "", states],
  ["records", ", TLS untouched", recordStates],
];

describe("a network that fails", () => {
  let pair: Pair | undefined;
  afterEach(async () => {
    await pair?.dispose();
    pair = undefined;
  });

  for (const [sees, where, struck] of views) {
    for (const fault of faults) {
      chaos(`${fault.name}: heals in every state of the protocol${where} [P-5.4] [P-5.6] [P-8.4]`, async (chance) => {
        pair = await Pair.start(chance, sees);
        let slowestMs = 0;
        for (let round = 0; round < scaled(1, 20); round += 1) {
          for (const state of struck) {
            const healed = await new Case(pair, fault, state, chance).run().catch((error: unknown) => {
              throw new Error(`${state.name}, round ${round}: ${String(error)}`, { cause: error });
            });
            slowestMs = Math.max(slowestMs, healed);
          }
        }
        for (const one of [pair.a, pair.b]) {
          const other = one === pair.a ? pair.b : pair.a;
          for (const { own, text } of await one.read(other)) if (!own) pair.ledger.shown(text);
        }
        report(`${pair.ledger.judge()}; healed within ${Math.round(slowestMs)} ms`);
      });
    }
  }
});

class Case {
  readonly #pair: Pair;
  readonly #fault: Fault;
  readonly #state: ProtocolState;
  readonly #chance: Chance;
  readonly #victim: Resident;
  readonly #sent: { readonly by: Resident; readonly message: ChatMessage }[] = [];

  constructor(pair: Pair, fault: Fault, state: ProtocolState, chance: Chance) {
    this.#pair = pair;
    this.#fault = fault;
    this.#state = state;
    this.#chance = chance;
    this.#victim = state.victim === "writer" ? pair.a : pair.b;
  }

  /** @returns the milliseconds from recovery to convergence */
  async run(): Promise<number> {
    const struck = this.#arm();
    await this.#play();
    await within("the fault struck", convergeMs, struck);
    await this.#talk();
    // Messages of somebody who has signed out meanwhile wait for the next sign-in.
    if (this.#fault.mild && this.#state.scene !== "logout") await this.#converged();
    const healedMs = performance.now();
    if (this.#state.scene === "logout") await this.#signInAgain();
    this.#pair.heal();
    await this.#talk();
    await within("everything arrived", convergeMs, this.#converged());
    this.#pair.calm();
    return performance.now() - healedMs;
  }

  #arm(): Promise<void> {
    const { proxy } = this.#victim;
    const strike = this.#fault.strike(proxy, this.#chance);
    const springs = this.#state.trap();
    return new Promise((resolve) => {
      proxy.trap = {
        springs: this.#state.scene === "idle" ? () => true : springs,
        strike: (...given) => {
          resolve();
          return strike(...given);
        },
      };
      if (this.#state.scene !== "idle") return;
      proxy.trap = undefined;
      for (const link of proxy.links) strike(link, "up", 0);
      resolve();
    });
  }

  async #play(): Promise<void> {
    const { a, b } = this.#pair;
    switch (this.#state.scene) {
      case "reconnect":
        for (const link of a.proxy.links) drop(link);
        await this.#talk();
        a.impatient = true;
        return;
      case "drain":
        for (const link of b.proxy.links) drop(link);
        for (let count = 0; count < 12; count += 1) await this.#write(a, b);
        b.impatient = true;
        return;
      case "logout":
        await this.#talk();
        await a.view.client.request(signOut, {});
        return;
      case "idle":
      case "talk":
        await this.#talk();
    }
  }

  async #signInAgain(): Promise<void> {
    const { a } = this.#pair;
    this.#victim.proxy.welcome = undefined;
    this.#victim.proxy.refusals = 0;
    await a.view.signIn(a.proxy.port, a.name);
  }

  /** Sends a few messages each way; somebody who is signed out writes nothing. */
  async #talk(): Promise<void> {
    const { a, b } = this.#pair;
    for (let count = this.#chance.between(2, 4); count > 0; count -= 1) {
      if (a.view.session.state !== "signedOut") await this.#write(a, b);
      await this.#write(b, a);
    }
  }

  async #write(by: Resident, to: Resident): Promise<void> {
    const message = await by.write(to);
    assert.ok(message, `${by.name} could not write`);
    this.#sent.push({ by, message });
  }

  async #converged(): Promise<void> {
    const { a, b } = this.#pair;
    for (const { by, message } of this.#sent) {
      const to = by === a ? b : a;
      await to.view.untilMessage(message.mid, "received");
      await by.view.untilMessage(message.mid, "delivered", "queued", "read");
    }
    for (const [one, other] of [[a, b] as const, [b, a] as const]) {
      await one.view.until(`${other.name} is online for ${one.name}`, () => {
        const presence = one.view.contacts.get(`user:${other.name}`)?.presence;
        return presence !== undefined && presence !== "offline";
      });
    }
  }
}
