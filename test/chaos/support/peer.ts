// A raw client that keeps its part of the promise like a daemon: an outbox, one message in flight per recipient, the same
// mid again in case of doubt, and a history that knows every (sender, mid) forever. Its disk is the test's memory, because
// only the server is killed here.

import { LineClient } from "../../support/line-client.ts";
import type { Line } from "../../support/line-client.ts";
import type { Chance } from "./chance.ts";
import type { Ledger } from "./ledger.ts";

export interface PeerOptions {
  readonly acks: boolean;
  /** Drops its link once in this many pushes, before or after it stored one. */
  readonly clumsyOnceIn?: number;
}

export class Peer {
  readonly name: string;
  /** Called for every line from the server. */
  onLine: () => void = () => undefined;
  /** Called when a message was answered or shown. */
  onChange: () => void = () => undefined;
  readonly #options: PeerOptions;
  readonly #ledger: Ledger;
  readonly #chance: Chance;
  readonly #outbox = new Map<string, string[]>();
  readonly #known = new Set<string>();
  #token: unknown;
  #client: LineClient | undefined;
  #connecting: Promise<boolean> | undefined;

  constructor(name: string, ledger: Ledger, chance: Chance, options: PeerOptions) {
    this.name = name;
    this.#ledger = ledger;
    this.#chance = chance;
    this.#options = options;
  }

  get online(): boolean {
    return this.#client !== undefined;
  }

  get waiting(): number {
    let waiting = 0;
    for (const texts of this.#outbox.values()) waiting += texts.length;
    return waiting;
  }

  get received(): number {
    return this.#known.size;
  }

  async register(port: number): Promise<void> {
    const client = await LineClient.open(port);
    await client.ask({ type: "register", username: this.name, password: "secret" });
    const answer = await client.ask({ type: "auth", username: this.name, password: "secret", ...this.#mode });
    this.#token = answer["token"];
    client.destroy();
    await client.closed;
  }

  /** Opens the session again. @returns false if the server went away meanwhile */
  async connect(port: number): Promise<boolean> {
    await this.#connecting;
    if (this.#client) return true;
    this.#connecting ??= this.#open(port).finally(() => (this.#connecting = undefined));
    return await this.#connecting;
  }

  send(to: string): void {
    const texts = this.#outbox.get(to) ?? [];
    texts.push(this.#ledger.write(this.name, to));
    this.#outbox.set(to, texts);
    if (texts.length === 1 && this.#client) void this.#deliver(this.#client, to);
  }

  /** Disconnects without telling the server. */
  disconnect(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.destroy();
  }

  async #open(port: number): Promise<boolean> {
    try {
      const client = await LineClient.open(port);
      const answer = await client.ask({ type: "auth", token: this.#token, ...this.#mode });
      if (answer["result"] !== "ok") this.#ledger.complain(`${this.name} may not sign in: ${JSON.stringify(answer)}`);
      this.#client = client;
      void client.closed.then(() => {
        if (this.#client === client) this.#client = undefined;
        this.onChange();
      });
      void this.#receive(client);
      for (const to of this.#outbox.keys()) void this.#deliver(client, to);
      this.onLine();
      return true;
    } catch {
      return false;
    }
  }

  get #mode(): object {
    return { device: "test", acks: this.#options.acks };
  }

  async #deliver(client: LineClient, to: string): Promise<void> {
    const texts = this.#outbox.get(to) ?? [];
    for (let text = texts[0]; text !== undefined && this.#client === client; text = texts[0]) {
      const answer = await client.ask({ type: "message", to, msg: text, mid: text }).catch(() => undefined);
      if (!answer) {
        client.destroy();
        return;
      }
      this.onLine();
      if (answer["result"] !== "ok") {
        this.#ledger.complain(`${text} was refused: ${JSON.stringify(answer)}`);
        return;
      }
      this.#ledger.acknowledged(text);
      texts.shift();
      this.onChange();
    }
  }

  async #receive(client: LineClient): Promise<void> {
    let closed = false;
    void client.closed.then(() => (closed = true));
    for (;;) {
      const push = await client.push("message").catch(() => undefined);
      if (push) this.#take(client, push);
      else if (isTrue(closed)) return;
    }
  }

  #take(client: LineClient, push: Line): void {
    this.onLine();
    const { acks, clumsyOnceIn } = this.#options;
    const clumsy = clumsyOnceIn !== undefined && this.#chance.onceIn(clumsyOnceIn);
    // Nothing more is accepted on a dropped link, otherwise stored messages could overtake others.
    if (acks && client !== this.#client) return;
    const forgets = clumsy && this.#chance.onceIn(2);
    if (!forgets) this.#store(push);
    if (clumsy) this.disconnect();
    else if (acks) client.acknowledge(push);
  }

  #store(push: Line): void {
    const key = `${String(push["from"])} ${String(push["mid"])}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#ledger.shown(String(push["msg"]));
    this.onChange();
  }
}

/** A function, because the compiler assumes that a variable is unchanged across an await. */
function isTrue(value: boolean): boolean {
  return value;
}
