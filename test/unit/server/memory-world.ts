// The whole core of the server on ports in memory, with clients that call it directly instead of through sockets. Nothing
// happens by itself: `settle` performs what is due, `advance` moves the time.

import assert from "node:assert/strict";
import type { JsonObject } from "../../../protocol/wire/frame.ts";
import { Core } from "../../../server/core/core.ts";
import type { Log } from "../../../server/core/ports.ts";
import type { CoreOptions } from "../../../server/core/requests/services.ts";
import { MemoryLink } from "./memory-link.ts";
import { MemoryMailbox } from "./memory-mailbox.ts";
import { MemoryOutcomes } from "./memory-outcomes.ts";
import {
  countingIds,
  MemoryDevices,
  MemoryDialler,
  MemoryDirectory,
  MemoryTokens,
  plainPasswords,
} from "./memory-ports.ts";
import type { Disk } from "./memory-ports.ts";

export type { MemoryLink } from "./memory-link.ts";

const silent = () => undefined;
const noLog: Log = { debug: silent, info: silent, warn: silent, error: silent };
const sweepMs = 500;

export class MemoryWorld {
  readonly disk: Disk = { works: true };
  readonly outcomes: MemoryOutcomes;
  readonly mailbox: MemoryMailbox;
  readonly directory: MemoryDirectory;
  readonly tokens: MemoryTokens;
  readonly dialler = new MemoryDialler();
  readonly devices = new MemoryDevices();
  core: Core;
  readonly #options: CoreOptions;
  readonly #links = new Set<MemoryLink>();
  #nowMs = 1_000_000;

  constructor(options: Partial<CoreOptions> = {}) {
    const nowMs = () => this.#nowMs;
    this.#options = {
      registration: "open",
      classic: false,
      server: { name: "chat-room", version: "0.0.0" },
      ...options,
    };
    this.directory = new MemoryDirectory(this.disk, () => this.nowMs);
    this.outcomes = new MemoryOutcomes(this.disk);
    this.mailbox = new MemoryMailbox(this.disk, this.outcomes, (account) => this.directory.get(account));
    this.tokens = new MemoryTokens(this.disk, nowMs, this.directory);
    this.core = this.#start();
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** @param peerKey of the key that the client proves by TLS */
  connect(address = "127.0.0.1", peerKey?: string, secure = peerKey !== undefined): MemoryLink {
    const link = new MemoryLink(address, (self) => this.core.connect(self, this.#nowMs), peerKey, secure);
    this.#links.add(link);
    return link;
  }

  /** Signs in on a new link and waits until everything has settled. */
  async signIn(username: string, added: object = {}, address?: string): Promise<MemoryLink> {
    const link = this.connect(address);
    await this.#authenticate(link, username, added);
    return link;
  }

  /** Registers if the name is free, and signs in. @param peerKey as for `connect` */
  async join(username: string, added: object = {}, address?: string, peerKey?: string): Promise<MemoryLink> {
    const link = this.connect(address, peerKey);
    link.request({ type: "register", username, password: "pw", id: "register" });
    await this.settle();
    await this.#authenticate(link, username, added);
    link.lines.length = 0;
    return link;
  }

  /** @returns the answer to that request, without its id */
  async ask(link: MemoryLink, request: object): Promise<JsonObject> {
    link.request({ ...request, id: "?" });
    await this.settle();
    const { id, ...answer } = link.ofType(undefined).findLast((line) => line["id"] === "?") ?? {};
    assert.equal(id, "?", "it has an answer");
    return answer;
  }

  /** Waits until nothing is due any more: promises, commits, bytes that leave. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      this.core.round();
      const moved = [
        this.mailbox.commit(),
        this.outcomes.commit(),
        ...Array.from(this.#links, (link) => link.deliver()),
      ];
      if (moved.includes(true)) quiet = -1;
    }
  }

  /** Skips time at once, as on a machine that was asleep. */
  skip(ms: number): void {
    this.#nowMs += ms;
  }

  async advance(ms: number): Promise<void> {
    for (const endMs = this.#nowMs + ms; this.#nowMs < endMs;) {
      this.#nowMs = Math.min(this.#nowMs + sweepMs, endMs);
      this.core.sweep();
      await this.settle();
    }
  }

  /** Removes the account, as an operator does. */
  remove(account: number): void {
    this.directory.removeAccount(account);
    this.tokens.removeOf(account);
    this.core.accountRemoved(account);
  }

  /** The process was killed and started again: only what is on the disk remains. */
  restart(): void {
    for (const link of this.#links) link.drop();
    this.#links.clear();
    this.mailbox.kill();
    this.core = this.#start();
  }

  async #authenticate(link: MemoryLink, username: string, added: object): Promise<void> {
    link.request({ type: "auth", username, password: "pw", id: "auth", ...added });
    await this.settle();
    link.token = String(link.answer("auth")["token"]);
  }

  #start(): Core {
    const clock = { nowMs: () => this.#nowMs, monotonicMs: () => this.#nowMs };
    const { directory, tokens, devices, mailbox, outcomes, dialler } = this;
    const stored = { accounts: directory, blocks: directory, tokens, devices, mailbox, outcomes };
    return new Core(
      { clock, log: { ...noLog }, ...stored, passwords: plainPasswords, dialler, ids: countingIds() },
      this.#options,
    );
  }
}
