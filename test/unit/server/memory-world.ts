// The whole core of the server on ports in memory, and clients that talk to it by calls instead of sockets. Nothing happens
// by itself: `settle` lets what is due come, `advance` moves the time.

import assert from "node:assert/strict";
import type { JsonObject } from "../../../protocol/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import { Core } from "../../../server/core/core.ts";
import type { Link, LinkEvents, Log } from "../../../server/core/ports.ts";
import type { CoreOptions } from "../../../server/core/services.ts";
import { MemoryMailbox, MemoryOutcomes } from "./memory-mailbox.ts";
import {
  countingIds,
  MemoryDevices,
  MemoryDialler,
  MemoryDirectory,
  MemoryTokens,
  plainPasswords,
} from "./memory-ports.ts";
import type { Disk } from "./memory-ports.ts";

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
    this.directory = new MemoryDirectory(this.disk);
    this.outcomes = new MemoryOutcomes(this.disk);
    this.mailbox = new MemoryMailbox(this.disk, this.outcomes, (account) => this.directory.get(account));
    this.tokens = new MemoryTokens(this.disk, nowMs, this.directory);
    this.core = this.#start();
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** @param peerKey of the key that the client proves, by TLS */
  connect(address = "127.0.0.1", peerKey?: string, secure = peerKey !== undefined): MemoryLink {
    const link = new MemoryLink(address, (self) => this.core.connect(self, this.#nowMs), peerKey, secure);
    this.#links.add(link);
    return link;
  }

  /** Signed in on a new link, with all that this brought. */
  async signIn(username: string, added: object = {}, address?: string): Promise<MemoryLink> {
    const link = this.connect(address);
    await this.#authenticate(link, username, added);
    return link;
  }

  /** Registered where the name was free, and signed in. @param peerKey as for `connect` */
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

  /** Until nothing is due any more: promises, commits, bytes that leave. */
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

  /** Time goes by at once, as for a machine that was asleep. */
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

  /** An operator removes the account. */
  remove(account: number): void {
    this.directory.removeAccount(account);
    this.tokens.removeOf(account);
    this.core.accountRemoved(account);
  }

  /** The process was killed and started again: what is on the disk is there, the rest is not. */
  restart(): void {
    for (const link of this.#links) link.drop();
    this.#links.clear();
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

/** One connection, as its client sees it. */
export class MemoryLink implements Link {
  readonly address: string;
  readonly peerKey: string | undefined;
  readonly secure: boolean;
  /** Everything the client was sent. */
  readonly lines: JsonObject[] = [];
  /** The client takes no bytes while this is set. */
  stuck = false;
  token = "";
  closed = false;
  maxFrameBytes: number = limits.maxUnauthenticatedFrameBytes;
  readonly #events: LinkEvents;
  readonly #waiting: string[] = [];
  readonly #requests: JsonObject[] = [];
  #mark = 0;
  #paused = false;

  constructor(address: string, connect: (link: Link) => LinkEvents, peerKey?: string, secure = false) {
    this.address = address;
    this.peerKey = peerKey;
    this.secure = secure;
    this.#events = connect(this);
  }

  /** What the client was sent, by type; `undefined` for answers. */
  ofType(type: string | undefined): JsonObject[] {
    return this.lines.filter((line) => line["type"] === type);
  }

  get texts(): unknown[] {
    return this.ofType("message").map((line) => line["msg"]);
  }

  get lastAnswer(): JsonObject {
    return this.ofType(undefined).at(-1) ?? {};
  }

  answer(id: unknown): JsonObject {
    return this.lines.find((line) => line["type"] === undefined && line["id"] === id) ?? {};
  }

  request(body: object): void {
    this.#requests.push({ ...body });
    this.#read();
  }

  /** A line that is no object. */
  noise(): void {
    this.#events.frame({ kind: "bad", reason: "That line is not JSON." });
  }

  oversize(): void {
    this.#events.frame({ kind: "too_large", limitBytes: this.maxFrameBytes });
  }

  acknowledgeAll(result = "ok"): void {
    for (const line of this.ofType("message")) this.request({ id: line["id"], result });
  }

  /** What its person says to the latest question [P-6.3]. */
  consent(result = "ok"): void {
    this.request({ id: this.ofType("request").at(-1)?.["id"], result });
  }

  halfClose(): void {
    this.#events.ended();
  }

  /** The connection is gone. */
  drop(): void {
    if (this.closed) return;
    this.closed = true;
    this.#events.closed();
  }

  send(line: string): number {
    this.#mark += 1;
    if (!this.closed) this.#waiting.push(line);
    return this.#mark;
  }

  get unsentBytes(): number {
    return this.#waiting.reduce((sum, line) => sum + line.length, 0);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#read();
  }

  setTrusted(trusted: boolean): void {
    this.maxFrameBytes = trusted ? limits.maxFrameBytes : limits.maxUnauthenticatedFrameBytes;
  }

  close(): void {
    this.#paused = true;
    queueMicrotask(() => {
      this.deliver();
      this.drop();
    });
  }

  /** @returns whether bytes left */
  deliver(): boolean {
    if (this.stuck || this.closed || this.#waiting.length === 0) return false;
    for (const lines of this.#waiting.splice(0)) {
      for (const line of lines.trimEnd().split("\n")) this.lines.push(JSON.parse(line) as JsonObject);
    }
    this.#events.taken(this.#mark);
    return true;
  }

  #read(): void {
    while (!this.#paused && !this.closed) {
      const body = this.#requests.shift();
      if (!body) return;
      this.#events.read(1, JSON.stringify(body).length + 1);
      this.#events.frame({ kind: "object", value: body });
    }
  }
}
