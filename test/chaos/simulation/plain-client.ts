// A client of the original protocol: no history, no acknowledgements that matter, none of our code. Sends messages without
// waiting, answers pushes, comes back when its link is lost, and may listen on a port.

import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Bench } from "./bench.ts";
import type { Chance } from "./chance.ts";
import { readLines, writeLine } from "./line-socket.ts";
import type { Fields } from "./line-socket.ts";
import type { Machine, Process } from "./machine.ts";
import type { Network } from "./network.ts";
import { serverAddress, serverPort } from "./server-machine.ts";

export interface PlainParts {
  readonly machine: Machine;
  readonly network: Network;
  readonly chance: Chance;
  readonly bench: Bench;
  readonly user: string;
  /** The port it listens on, if any. */
  readonly port: number | undefined;
}

const comesBackMs = { least: 500, most: 5_000 };

export class PlainClient {
  readonly machine: Machine;
  readonly user: string;
  /** Whether it wants to be signed in. */
  wanted = false;
  signedIn = false;
  /** How often it was told that it was signed in, and that another client was. */
  logins = 0;
  kills = 0;
  /** Texts of messages that it has read. */
  readonly received = new Set<string>();
  protected readonly parts: PlainParts;
  protected token: unknown;
  /** Requests that are sent again after a lost link. */
  protected readonly unanswered = new Map<string, Fields>();
  /** Whether it wants the delivery outcomes of its queued messages [P-5.7]. */
  readonly #outcomes: boolean;
  /** Whether it answers pushes without id, in order. */
  readonly #inOrder: boolean;
  #socket: Socket | undefined;
  #ids = 0;

  constructor(parts: PlainParts) {
    this.parts = parts;
    this.machine = parts.machine;
    this.user = parts.user;
    this.#outcomes = parts.chance.happens(0.4);
    this.#inOrder = parts.chance.happens(0.2);
  }

  get name(): string {
    return this.machine.name;
  }

  start(): void {
    this.machine.start((process) => {
      const { network, port, bench, user } = this.parts;
      if (port === undefined) return;
      bench.listensAt(port, user);
      network.listen(process, port, ({ asSocket: socket }) => {
        readLines(socket, (line) => {
          this.#line(socket, line);
          socket.end();
        });
      });
    });
  }

  /** Whether it has a message on its disk before it answers the push [P-5.1]. */
  get stores(): boolean {
    return false;
  }

  /** Called when the faults are over: it behaves as well as it can. */
  stay(): void {
    // It always does.
  }

  login(): void {
    this.wanted = true;
    this.machine.run((process) => this.open(process));
  }

  logout(): void {
    this.wanted = false;
    this.token = undefined;
    this.ask({ type: "logout" });
  }

  /** Closes its link, as clients that listen on a port do; comes back later. */
  hangUp(): void {
    this.machine.run(() => this.#socket?.end());
  }

  /** @param remembered whether it has a `mid` and is sent again after a lost link */
  send(to: string | undefined, msg: string, remembered: boolean): void {
    const mid = remembered ? { mid: `${this.name}-${(this.#ids += 1)}` } : {};
    const addressed = to === undefined ? { type: "broadcast" } : { type: "message", to };
    this.ask({ ...addressed, msg, ...mid }, remembered);
  }

  ask(request: Fields, remembered = false): void {
    const { chance, bench } = this.parts;
    const withToken = this.token !== undefined && chance.happens(0.1) ? { token: this.token } : {};
    const id = remembered || chance.happens(0.8) ? { id: `${(this.#ids += 1)}` } : {};
    const whole = { ...request, ...id, ...withToken };
    if (remembered && "id" in id) this.unanswered.set(id.id, request);
    if (!this.signedIn) return;
    bench.note(`${this.name} asks ${String(request["type"])}`);
    this.machine.run(() => writeLine(this.#socket, whole));
  }

  /** The fields of `auth`. */
  protected credentials(): Fields {
    const { user, port, chance } = this.parts;
    const secret = this.token !== undefined && chance.happens(0.5) ? { token: this.token } : { password: `pw ${user}` };
    const listens = port === undefined ? {} : { port };
    return { username: user, ...secret, ...listens, presence: chance.happens(0.5), outcomes: this.#outcomes };
  }

  protected open(process: Process): void {
    if (this.#socket) return;
    const { chance } = this.parts;
    const socket = connect({ host: serverAddress, port: serverPort });
    this.#socket = socket;
    socket.once("connect", () => writeLine(socket, { type: "auth", ...this.credentials(), id: "auth" }));
    socket.once("close", () => {
      this.#socket = undefined;
      this.signedIn = false;
      process.clock.setTimer(chance.between(comesBackMs.least, comesBackMs.most), () => {
        if (this.wanted) this.open(process);
      });
    });
    readLines(socket, (line) => this.#line(socket, line));
    const beat = (): void => {
      if (this.#socket !== socket) return;
      if (this.signedIn) writeLine(socket, { type: "alive", id: "alive" });
      process.clock.setTimer(20_000, beat);
    };
    process.clock.setTimer(20_000, beat);
  }

  /** Handles a pushed message. */
  protected message(socket: Socket, push: Fields): void {
    this.received.add(String(push["msg"]));
    this.answerPush(socket, push["id"], "ok");
  }

  protected answerPush(socket: Socket, id: unknown, result: string): void {
    writeLine(socket, this.#inOrder ? { result } : { id, result });
  }

  #line(socket: Socket, line: Fields): void {
    const { type, id } = line;
    if (type === undefined) this.#answer(socket, line);
    else if (type === "message") this.message(socket, line);
    else if (type === "request") this.#consent(socket, id);
    else this.answerPush(socket, id, "ok");
    if (type !== "kill") return;
    this.kills += 1;
    this.wanted = false;
    this.token = undefined;
  }

  #answer(socket: Socket, { id, result, token, code }: Fields): void {
    if (id !== "auth") {
      this.unanswered.delete(String(id));
      return;
    }
    if (result !== "ok") {
      if (code === "bad_credentials") this.token = undefined;
      socket.end();
      return;
    }
    this.token = token;
    this.signedIn = true;
    this.logins += 1;
    for (const [again, request] of this.unanswered) {
      this.parts.bench.sentAgain(request["msg"]);
      writeLine(socket, { ...request, id: again, token });
    }
  }

  /** Answers yes, no, or not at all. */
  #consent(socket: Socket, id: unknown): void {
    const { chance } = this.parts;
    const result = chance.pick(["ok", "ok", "not now", ""]);
    if (this.#inOrder) this.answerPush(socket, id, result);
    if (this.#inOrder || result === "") return;
    const delayMs = chance.between(1, chance.happens(0.2) ? 40_000 : 2_000);
    this.machine.process?.clock.setTimer(delayMs, () => writeLine(socket, { id, result }));
  }
}
