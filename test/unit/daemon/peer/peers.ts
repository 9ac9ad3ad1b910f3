// Direct talk of several people in one process: real listeners and TLS links on this machine, a clock that the test moves,
// and instead of the server a function that introduces people to each other.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectPlain } from "node:net";
import { createLog } from "../../../../base/log.ts";
import { ownIdentity } from "../../../../base/tls/identity.ts";
import type { TlsIdentity } from "../../../../base/tls/identity.ts";
import { failure } from "../../../../protocol/errors.ts";
import type { Failure } from "../../../../protocol/errors.ts";
import type { Route } from "../../../../protocol/api/model.ts";
import type { ConversationId } from "../../../../protocol/conversations/conversation-id.ts";
import type { QuestionAnswer } from "../../../../protocol/api/direct.ts";
import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import type { CoreEvent } from "../../../../daemon/core/inputs.ts";
import { Pulse } from "../../../../daemon/lifetime/pulse.ts";
import { Direct } from "../../../../daemon/peer/direct.ts";
import { createDirectHandlers } from "../../../../daemon/api/direct-handlers.ts";
import type { DirectService } from "../../../../daemon/api/direct-handlers.ts";
import { personOf } from "../../../../daemon/peer/direct-deps.ts";
import type { AddressAnswer, Person } from "../../../../daemon/peer/direct-deps.ts";
import { LineClient } from "../../../support/line-client.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const waitMs = 10_000;

export class Peers {
  readonly clock: FakeClock;
  readonly #peers = new Map<string, Peer>();
  readonly #homes: string[] = [];
  /** Whether the server can be reached. */
  online = true;
  /** Changes the server's answer about somebody. */
  meddle: (answer: AddressAnswer, target: Peer) => AddressAnswer = (answer) => answer;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  static async two(
    first = "Alice",
    listens = true,
  ): Promise<{ clock: FakeClock; peers: Peers; alice: Peer; bob: Peer }> {
    const clock = new FakeClock();
    const peers = new Peers(clock);
    const [alice, bob] = await Promise.all([peers.add(first, listens), peers.add("bob", listens)]);
    return { clock, peers, alice, bob };
  }

  /** @param listens whether it listens at once, instead of from first use */
  async add(name: string, listens = true): Promise<Peer> {
    const home = mkdtempSync(join(tmpdir(), "chat-room-peer-"));
    this.#homes.push(home);
    const peer = new Peer(this, name, home, await ownIdentity(home, name, Date.now()));
    this.#peers.set(peer.me.key, peer);
    peer.direct.open(peer.keysPath);
    if (listens) await peer.direct.listen();
    return peer;
  }

  /** Like `address` at the server: asks the target first. */
  async introduce(asker: Peer, target: string) {
    const peer = this.#peers.get(target.toLowerCase());
    if (!this.online) return undefined;
    if (!peer) return failure("no_such_user");
    const refused = await peer.asked({ from: asker.me.name, ip: "127.0.0.1", key: asker.pin });
    if (refused) return failure("denied");
    const announced = peer.direct.announcement;
    if (!announced) return failure("no_listener");
    const addresses = announced.addresses.map((ip) => ({ ip, port: announced.port }));
    const value: AddressAnswer = { ip: "127.0.0.1", port: announced.port, key: peer.pin, addresses };
    return { ok: true, value: this.meddle(value, peer) } as const;
  }

  async dispose(): Promise<void> {
    for (const peer of this.#peers.values()) peer.hangUp();
    const ended = Array.from(this.#peers.values(), (peer) => peer.direct.dispose());
    // A simulated peer does not answer the closing request, and a replaced link stays open for a while.
    this.clock.advance(6_000);
    await Promise.all(ended);
    for (const home of this.#homes) rmSync(home, { recursive: true, force: true });
  }
}

export class Peer {
  readonly me: Person;
  readonly keysPath: string;
  readonly identity: TlsIdentity;
  readonly direct: Direct;
  readonly service: DirectService;
  readonly occurred: CoreEvent[] = [];
  /** Messages and signals that arrived on links. */
  readonly received: JsonObject[] = [];
  readonly blocked = new Set<ConversationId>();
  readonly written = new Set<ConversationId>();
  readonly announced: string[] = [];
  /** Nothing that arrives is stored, so it gets no answer. */
  stuck = false;
  readonly #checks = new Set<() => void>();
  readonly #calls: LineClient[] = [];

  constructor(peers: Peers, name: string, home: string, identity: TlsIdentity) {
    const { clock } = peers;
    this.me = person(name);
    this.keysPath = join(home, "peers.json");
    this.identity = identity;
    this.direct = new Direct(
      {
        ...{ clock, pulse: new Pulse(clock) },
        log: createLog("error", clock, () => undefined),
        identity: () => Promise.resolve(identity),
        me: () => this.me,
        isBlocked: (conversation) => this.blocked.has(conversation),
        hasWritten: (conversation) => this.written.has(conversation),
        askAddress: async ({ target }) => await peers.introduce(this, target),
        occur: (occurrence) => {
          this.occurred.push(occurrence);
          this.changed();
        },
        pushed: (push) => {
          this.received.push(push.body);
          if (!this.stuck) push.accept();
          this.changed();
        },
        lookUp: () => undefined,
        block: (user) => {
          this.blocked.add(person(user).conversation);
          return Promise.resolve({ ok: true });
        },
        questionsChanged: () => this.changed(),
        announce: (text) => this.announced.push(text),
        reannounce: () => {
          this.changed();
          return Promise.resolve();
        },
      },
      home,
    );
    this.service = createDirectHandlers(this.direct, (user) => {
      const { conversation, name: spelled } = person(user);
      const flags = { blocked: this.blocked.has(conversation), muted: false, unread: 0 };
      return Promise.resolve({ ok: true, contact: { conversation, name: spelled, presence: "available", ...flags } });
    });
  }

  get pin(): string {
    return this.identity.pin;
  }

  get port(): number {
    return this.direct.announcement?.port ?? 0;
  }

  /** Handles the server's `request` push. @returns the reason for a refusal */
  async asked(params: { from: string; key?: string; ip?: string }): Promise<Failure | undefined> {
    return await new Promise((resolve) => {
      void this.direct.requested({
        type: "request",
        body: { type: "request", ...params },
        accept: () => resolve(undefined),
        refuse: resolve,
      });
    });
  }

  async answer(word: QuestionAnswer): Promise<void> {
    const [question] = await this.until("a question", () => {
      const waiting = this.direct.questions.list();
      return waiting.length > 0 && waiting;
    });
    await this.service.answerQuestion({ id: question?.id ?? "", answer: word }, 1);
  }

  /** Asks to connect, and the other person gives that answer. */
  async meet(other: Peer, word: QuestionAnswer = "once") {
    const asked = this.service.connectDirectly({ user: other.me.name }, 1);
    await other.answer(word);
    return await asked;
  }

  /** Waits until their link is up at both ends. */
  async linked(other: Peer): Promise<void> {
    for (const [one, two] of [[this, other] as const, [other, this] as const]) {
      await one.until("a link", () => one.direct.links.of(two.me.key));
    }
  }

  async unlinked(other: Peer): Promise<void> {
    await this.until("no link", () => !this.direct.links.of(other.me.key));
  }

  async send(other: Peer, msg: string) {
    const link = this.direct.links.of(other.me.key);
    return link && (await this.direct.message(link.id, { to: other.me.name, msg, mid: msg as never }));
  }

  /** Returns the route to that person, as shown to a view. */
  routeTo(other: Peer): Route | undefined {
    const { conversation } = other.me;
    const last = this.occurred.findLast((each) => each.kind === "route" && each.conversation === conversation);
    return last?.kind === "route" ? last.route : undefined;
  }

  /** Opens a connection to the listener that shows that key. */
  async callTls(identity: TlsIdentity | undefined): Promise<LineClient> {
    const shown = identity ? { key: identity.key, cert: identity.certificate } : {};
    return this.#called(await LineClient.openTls(this.port, { minVersion: "TLSv1.3", ...shown }));
  }

  async callPlain(): Promise<LineClient> {
    return this.#called(await LineClient.open(this.port));
  }

  /** Ends the connections that a test opened to the listener. */
  hangUp(): void {
    for (const client of this.#calls.splice(0)) client.destroy();
  }

  #called(client: LineClient): LineClient {
    this.#calls.push(client);
    return client;
  }

  changed(): void {
    for (const check of this.#checks) check();
  }

  async until<T>(what: string, found: () => T | undefined | false): Promise<T> {
    return await new Promise((resolve, reject) => {
      const check = (): void => {
        const value = found();
        if (value === undefined || value === false) return;
        clearTimeout(deadline);
        this.#checks.delete(check);
        resolve(value);
      };
      const deadline = setTimeout(() => {
        this.#checks.delete(check);
        reject(new Error(`${this.me.name}: not seen in time: ${what}`));
      }, waitMs);
      this.#checks.add(check);
      check();
    });
  }
}

/** Returns everything that arrives until the other end closes, for bytes that get no answer. */
export async function bytesUntilClosed(port: number, sent: string): Promise<string> {
  return await new Promise((resolve) => {
    let text = "";
    const socket = connectPlain(port, "127.0.0.1", () => socket.write(sent));
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => undefined).once("close", () => resolve(text));
  });
}

function person(name: string): Person {
  const found = personOf(name);
  if (!found) throw new Error(`${name} is no name`);
  return found;
}
