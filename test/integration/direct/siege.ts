// Alice and bob chat on a direct link while somebody attacks bob's listener, the link or what lies between. Counts what was
// tried, and knows afterwards whether anything came of it: a message that nobody of the two wrote, a session or a link that
// ended, somebody said to be offline who is not, a key or a consent that was not given.

import assert from "node:assert/strict";
import { consents } from "../../../protocol/api/direct.ts";
import { contactsChanged, sessionChanged } from "../../../protocol/api/notifications.ts";
import { Ledger } from "../../chaos/support/ledger.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import type { Line } from "../../support/line-client.ts";
import { isYes } from "./attacker.ts";
import { Neighbour } from "./neighbour.ts";

/** Dave has an account as well. Everyone has no name. */
const known: ReadonlySet<string> = new Set(["", "alice", "bob", "carol", "dave"]);

export class Siege {
  readonly server: ChatServer;
  readonly alice: Neighbour;
  readonly bob: Neighbour;
  /** A contact of bob's with his consent, whose key the attacker has. */
  readonly carol: Neighbour;
  readonly #ledger = new Ledger();
  readonly #harm: string[] = [];
  /** For each case what came of it, and how often. */
  readonly #tried = new Map<string, Map<string, number>>();
  readonly #accepted: string[] = [];
  #expectedOfCarol: readonly string[] = [];
  readonly #latenciesMs: number[] = [];
  #chatting = true;
  #chat: Promise<unknown> = Promise.resolve();

  private constructor(server: ChatServer, alice: Neighbour, bob: Neighbour, carol: Neighbour) {
    this.server = server;
    this.alice = alice;
    this.bob = bob;
    this.carol = carol;
  }

  static async begin(): Promise<Siege> {
    const server = await startChatServer({ args: ["--rate", "0"] });
    const join = (name: string): Promise<Neighbour> => Neighbour.join(name, `127.0.0.1:${server.port}`);
    const [alice, bob, carol] = await Promise.all([join("alice"), join("bob"), join("carol")]);
    await Promise.all([bob.untilKnows(alice), bob.untilKnows(carol), alice.untilKnows(bob), carol.untilKnows(bob)]);
    const siege = new Siege(server, alice, bob, carol);
    // The directory may have been read between an account and its first sign-in; what it said is corrected a moment later.
    await Promise.all([alice.untilAvailable(bob), bob.untilAvailable(alice)]);
    await alice.connectWithYes(bob);
    await carol.connectWithYes(bob);
    bob.answer = "deny";
    siege.#watch();
    siege.#chat = Promise.all([siege.#talk(alice, bob), siege.#talk(bob, alice)]);
    return siege;
  }

  /** One case was tried. @param answer that came of it @param accepted whether it did what it must not do */
  tried(what: string, answer: Line | undefined, accepted = isYes(answer)): void {
    const outcomes = this.#tried.get(what) ?? new Map<string, number>();
    const outcome = answer === undefined ? "closed" : String(answer["code"] ?? answer["result"]);
    this.#tried.set(what, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
    if (accepted) this.#accepted.push(`${what}: ${JSON.stringify(answer)}`);
  }

  /** What whoever has carol's key may write in her name. */
  set expectedOfCarol(texts: readonly string[]) {
    this.#expectedOfCarol = texts;
  }

  /** @returns the figures as a sentence @throws where anything came of the attacks */
  async end(): Promise<string> {
    this.#chatting = false;
    await this.#chat;
    const { alice, bob, carol } = this;
    for (const line of [...(await bob.texts(alice)), ...(await alice.texts(bob))]) this.#ledger.shown(line);
    const figures = this.#ledger.judge();
    assert.deepEqual(this.#accepted, [], "accepted attacks");
    assert.deepEqual(this.#harm, [], "harm");
    assert.deepEqual(await bob.texts(carol), this.#expectedOfCarol, "messages of carol");
    const given = await bob.view.client.request(consents, {});
    assert.ok(given.ok);
    assert.deepEqual(given.consents, [], "consents that nobody gave");
    assert.equal(bob.contact(alice)?.key?.pin, alice.identity.pin);
    assert.equal(bob.contact(alice)?.key?.changed, undefined);
    const sorted = this.#latenciesMs.sort((left, right) => left - right);
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
    const counts = [...this.#tried.values()].flatMap((outcomes) => [...outcomes.values()]);
    const cases = counts.reduce((sum, count) => sum + count, 0);
    return `0 of ${cases} cases accepted; meanwhile ${figures}, p99 ${Math.round(p99)} ms`;
  }

  /** How often each was tried, and what came of it. */
  get cases(): string[] {
    return Array.from(this.#tried, ([what, outcomes]) => {
      return `${what}: ${Array.from(outcomes, ([outcome, count]) => `${count} × ${outcome}`).join(", ")}`;
    });
  }

  async dispose(): Promise<void> {
    this.#chatting = false;
    await Promise.allSettled([this.#chat]);
    await Promise.all([this.alice, this.bob, this.carol].map((person) => person.dispose()));
    await this.server.dispose();
  }

  #watch(): void {
    for (const [person, other] of [[this.alice, this.bob] as const, [this.bob, this.alice] as const]) {
      person.view.client.on(sessionChanged, ({ session }) => {
        if (session.state !== "connected") this.#harm.push(`${person.name} is ${session.state}`);
      });
      person.view.client.on(contactsChanged, ({ changed, removed }) => {
        const contact = changed.find(({ conversation }) => conversation === other.conversation);
        if (contact?.presence === "offline") this.#harm.push(`${other.name} is said to be offline`);
        if (contact?.blocked === true) this.#harm.push(`${other.name} is blocked`);
        if (contact?.route?.kind === "server") this.#harm.push(`the link to ${other.name} ended: ${contact.route.why}`);
        if (removed.length > 0) this.#harm.push(`${removed.join()} removed`);
        const stranger = changed.find(({ name }) => !known.has(name));
        if (stranger) this.#harm.push(`${stranger.name} became a contact`);
      });
    }
  }

  async #talk(by: Neighbour, to: Neighbour): Promise<void> {
    while (this.#chatting) {
      const line = this.#ledger.write(by.name, to.name);
      const begunMs = performance.now();
      const message = await by.write(to, line);
      if (!message) throw new Error(`${by.name} could not write`);
      this.#ledger.acknowledged(line);
      await to.view.untilMessage(message.mid, "received");
      this.#latenciesMs.push(performance.now() - begunMs);
    }
  }
}
