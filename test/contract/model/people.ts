// The real side of a model run: the server's clients, one connection for each session, and what was said on it.

import assert from "node:assert/strict";
import { LineClient } from "../../support/line-client.ts";
import type { Line } from "../../support/line-client.ts";
import { names } from "./model.ts";
import type { Device, Model, Name } from "./model.ts";

export class People {
  readonly #port: number;
  readonly #prefix: string;
  readonly #links = new Map<Name, LineClient>();
  readonly #all: LineClient[] = [];
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

  /** On a new connection, which it is then left on if the answer is ok. */
  async authenticate(name: Name, how: { device: Device; acks: boolean }, secret: object): Promise<Line> {
    const client = await this.open();
    client.acknowledges = how.acks;
    const answer = await client.ask({ type: "auth", username: this.full(name), ...how, presence: true, ...secret });
    if (answer["result"] !== "ok") return answer;
    const known = this.tokens.get(name);
    if (known !== undefined && known !== answer["token"]) this.endedTokens.push(known);
    this.tokens.set(name, answer["token"]);
    this.#links.set(name, client);
    return answer;
  }

  /** Everything that name sent on its link before has been served. */
  async settled(name: Name): Promise<void> {
    assert.equal((await this.link(name).ask({ type: "alive" }))["result"], "ok");
  }

  /** What the others are pushed about `about`, and nobody whom that one blocks. */
  async tellsPresence(model: Model, about: Name, expected: object): Promise<void> {
    const from = this.full(about);
    for (const name of names) {
      if (name === about || !model.isLinked(name) || model.blocked(about, name)) continue;
      await this.expectPush(name, { from, ...expected });
    }
  }

  async expectMessage(name: Name, expected: object): Promise<void> {
    await this.expectPush(name, { type: "message", ...expected });
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

  async expectPush(name: Name, expected: object): Promise<void> {
    const { type } = expected as { type: string };
    const push = await this.link(name).push(type);
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, push[key]]));
    assert.deepEqual(found, expected, `a push to ${name}`);
  }
}

export function assertRefused(answer: Line, code: string): void {
  assert.equal(answer["code"], code, JSON.stringify(answer));
  assert.notEqual(answer["result"], "ok");
}

export function assertOk(answer: Line, added: object = {}): void {
  const found = Object.fromEntries(Object.keys(added).map((key) => [key, answer[key]]));
  assert.deepEqual({ result: answer["result"], ...found }, { result: "ok", ...added }, JSON.stringify(answer));
}
