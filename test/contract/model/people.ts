// The real side of a model run: the server's clients, one connection for each session, and what was said on it.

import assert from "node:assert/strict";
import { LineClient } from "../../support/line-client.ts";
import type { Line } from "../../support/line-client.ts";
import { names } from "./model.ts";
import type { How, Model, Name } from "./model.ts";

export class People {
  readonly #port: number;
  readonly #prefix: string;
  readonly #links = new Map<Name, LineClient>();
  readonly #all: LineClient[] = [];
  /** The `account` of each [P-3.7]. */
  readonly #accounts = new Map<Name, unknown>();
  /** What each was told last, since they signed in, about whether others are there. */
  readonly #told = new Map<Name, Map<unknown, string>>();
  readonly tokens = new Map<Name, unknown>();
  readonly endedTokens: unknown[] = [];

  constructor(port: number, prefix: string) {
    this.#port = port;
    this.#prefix = prefix;
  }

  /** As on the wire. */
  full(name: string): string {
    return this.#prefix + name;
  }

  /** As in the model. */
  short(name: unknown): string {
    return String(name).slice(this.#prefix.length);
  }

  link(name: Name): LineClient {
    const link = this.#links.get(name);
    if (!link) throw new Error(`${name} has no link`);
    return link;
  }

  async open(): Promise<LineClient> {
    const client = await LineClient.open(this.#port);
    this.#all.push(client);
    return client;
  }

  /** As a push names somebody. */
  sender(name: Name): { from: string; account: unknown } {
    return { from: this.full(name), account: this.account(name) };
  }

  /** The id of that account, which never changes. @param said as the server says it now */
  account(name: Name, said?: unknown): unknown {
    if (!this.#accounts.has(name) && said !== undefined) this.#accounts.set(name, said);
    const known = this.#accounts.get(name);
    assert.equal(typeof known, "string");
    return known;
  }

  /** On a new connection, which it is then left on if the answer is ok. */
  async authenticate(name: Name, { device, manner, listens }: How, secret: object): Promise<Line> {
    const client = await this.open();
    const acks = manner === "acks";
    client.acknowledges = manner !== "silent";
    const how = { device, acks, presence: true, ...(acks && listens ? { port: listenerPort } : {}) };
    const answer = await client.ask({ type: "auth", username: this.full(name), ...how, ...secret });
    if (answer["result"] !== "ok") return answer;
    assert.equal(answer["account"], this.account(name, answer["account"]));
    const known = this.tokens.get(name);
    if (known !== undefined && known !== answer["token"]) this.endedTokens.push(known);
    this.tokens.set(name, answer["token"]);
    this.#links.set(name, client);
    this.#told.set(name, new Map());
    return answer;
  }

  /** Everything that name sent on its link before has been served. */
  async settled(name: Name): Promise<void> {
    assert.equal((await this.link(name).ask({ type: "alive" }))["result"], "ok");
  }

  /** What the others are pushed about `about`, and nobody whom that one blocks. */
  async tellsPresence(model: Model, about: Name, expected: object): Promise<void> {
    const sender = this.sender(about);
    for (const name of names) {
      if (name === about || !model.isLinked(name) || model.blocked(about, name)) continue;
      await this.expectPush(name, { ...sender, ...expected });
    }
  }

  async expectMessage(name: Name, from: Name, expected: object): Promise<void> {
    await this.expectPush(name, { type: "message", ...this.sender(from), ...expected });
    // Its answer has been read too: what it was sent is settled, or was not answered.
    await this.settled(name);
  }

  /** @throws when somebody was pushed a message that the model does not know of */
  async finish(model: Model): Promise<void> {
    for (const name of names) {
      if (!model.isLinked(name)) continue;
      await this.settled(name);
      const rest = this.link(name).waitingPushes.filter((push) => push["type"] === "message");
      assert.deepEqual(rest, [], `${name} was pushed more than there is`);
    }
  }

  /** Ends all sessions, so that nobody of this run hears of the next. */
  async leave(model: Model): Promise<void> {
    for (const name of names) {
      const token = this.tokens.get(name);
      if (!model.sessions.has(name)) continue;
      const client = await this.open();
      await client.ask({ type: "logout", token });
    }
    for (const client of this.#all) client.destroy();
  }

  async expectPush(name: Name, expected: object): Promise<Line> {
    const { type } = expected as { type: string };
    let push = await this.link(name).push(type);
    while (this.#repeats(name, push)) push = await this.link(name).push(type);
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, push[key]]));
    assert.deepEqual(found, expected, `a push to ${name}`);
    return push;
  }

  /** A change that was told early, because a block was taken back, is told again with those of the same moment. */
  #repeats(name: Name, { type, from, state }: Line): boolean {
    if (type !== "presence" && type !== "offline") return false;
    const told = `${type} ${String(state)}`;
    const repeats = this.#told.get(name)?.get(from) === told;
    this.#told.get(name)?.set(from, told);
    return repeats;
  }
}

/** Nobody is there, and nobody is called: its client acknowledges. */
export const listenerPort = 4_242;

export function assertRefused(answer: Line, code: string): void {
  assert.equal(answer["code"], code, JSON.stringify(answer));
  assert.notEqual(answer["result"], "ok");
}

export function assertOk(answer: Line, added: object = {}): void {
  const found = Object.fromEntries(Object.keys(added).map((key) => [key, answer[key]]));
  assert.deepEqual({ result: answer["result"], ...found }, { result: "ok", ...added }, JSON.stringify(answer));
}
