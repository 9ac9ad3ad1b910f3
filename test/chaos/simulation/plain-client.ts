// A client as the seed of the protocol has it: no history, no acknowledgements that matter, written without any of our
// code. Sends what it is told and does not wait, answers pushes, comes back when its link is lost, and may listen at a port.

import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Bench } from "./bench.ts";
import type { Chance } from "./chance.ts";
import type { Machine, Process } from "./machine.ts";
import type { Network } from "./network.ts";
import { serverAddress, serverPort } from "./server-machine.ts";

export interface PlainParts {
  readonly machine: Machine;
  readonly network: Network;
  readonly chance: Chance;
  readonly bench: Bench;
  readonly user: string;
  /** Where it listens, if it does. */
  readonly port: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

export class PlainClient {
  readonly machine: Machine;
  readonly user: string;
  /** It means to be signed in. */
  wanted = false;
  signedIn = false;
  /** How often it was told that it was signed in, and that another was. */
  logins = 0;
  kills = 0;
  readonly #parts: PlainParts;
  readonly #unanswered = new Map<string, Fields>();
  #socket: Socket | undefined;
  #token: unknown;
  #ids = 0;

  constructor(parts: PlainParts) {
    this.#parts = parts;
    this.machine = parts.machine;
    this.user = parts.user;
  }

  get name(): string {
    return this.machine.name;
  }

  start(): void {
    this.machine.start((process) => {
      const { network, port, bench, user } = this.#parts;
      if (port === undefined) return;
      bench.listensAt(port, user);
      network.listen(process, port, (socket) => this.#read(socket.asSocket, () => socket.asSocket.end()));
    });
  }

  login(): void {
    this.wanted = true;
    this.machine.run((process) => this.#open(process));
  }

  logout(): void {
    this.wanted = false;
    this.#token = undefined;
    this.#ask({ type: "logout" });
  }

  /** Closes its link, as those do that listen at a port; comes back later. */
  hangUp(): void {
    this.machine.run(() => this.#socket?.end());
  }

  /** @param remembered it has a `mid`, and is sent again after a lost link */
  send(to: string | undefined, msg: string, remembered: boolean): void {
    const mid = remembered ? { mid: `${this.name}-${(this.#ids += 1)}` } : {};
    const addressed = to === undefined ? { type: "broadcast" } : { type: "message", to };
    this.#ask({ ...addressed, msg, ...mid }, remembered);
  }

  ask(request: Fields): void {
    this.#ask(request);
  }

  #ask(request: Fields, remembered = false): void {
    const { chance, bench } = this.#parts;
    const withToken = this.#token !== undefined && chance.happens(0.1) ? { token: this.#token } : {};
    const id = chance.happens(0.8) ? { id: `${(this.#ids += 1)}` } : {};
    const whole = { ...request, ...id, ...withToken };
    if (remembered && "id" in id) this.#unanswered.set(id.id, whole);
    if (!this.signedIn) return;
    bench.note(`${this.name} asks ${String(request["type"])}`);
    this.machine.run(() => this.#write(this.#socket, whole));
  }

  #open(process: Process): void {
    if (this.#socket) return;
    const { user, port, chance } = this.#parts;
    const socket = connect({ host: serverAddress, port: serverPort });
    this.#socket = socket;
    const secret =
      this.#token !== undefined && chance.happens(0.5) ? { token: this.#token } : { password: `pw ${user}` };
    const listens = port === undefined ? {} : { port };
    socket.once("connect", () => {
      const presence = chance.happens(0.5);
      this.#write(socket, { type: "auth", username: user, ...secret, ...listens, presence, id: "auth" });
    });
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#socket = undefined;
      this.signedIn = false;
      process.clock.setTimer(chance.between(500, 5_000), () => {
        if (this.wanted) this.#open(process);
      });
    });
    this.#read(socket, () => undefined);
    const beat = (): void => {
      if (this.#socket !== socket) return;
      if (this.signedIn) this.#write(socket, { type: "alive", id: "alive" });
      process.clock.setTimer(20_000, beat);
    };
    process.clock.setTimer(20_000, beat);
  }

  #read(socket: Socket, afterOne: () => void): void {
    let rest = "";
    socket.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        this.#line(socket, JSON.parse(line) as Fields);
        afterOne();
      }
    });
    socket.on("error", () => undefined);
  }

  #line(socket: Socket, line: Fields): void {
    const { type, id } = line;
    if (type === undefined) this.#answer(socket, line);
    else if (type === "request") this.#consent(socket, id);
    else this.#write(socket, { id, result: "ok" });
    if (type !== "kill") return;
    this.kills += 1;
    this.wanted = false;
    this.#token = undefined;
  }

  #answer(socket: Socket, { id, result, token, code }: Fields): void {
    if (id !== "auth") {
      this.#unanswered.delete(String(id));
      return;
    }
    if (result !== "ok") {
      if (code === "bad_credentials") this.#token = undefined;
      socket.end();
      return;
    }
    this.#token = token;
    this.signedIn = true;
    this.logins += 1;
    for (const request of this.#unanswered.values()) {
      this.#parts.bench.sentAgain(request["msg"]);
      this.#write(socket, { ...request, token });
    }
  }

  /** Yes, no, or nothing at all. */
  #consent(socket: Socket, id: unknown): void {
    const { chance } = this.#parts;
    const result = chance.pick(["ok", "ok", "not now", ""]);
    if (result === "") return;
    const delayMs = chance.between(1, chance.happens(0.2) ? 40_000 : 2_000);
    this.machine.process?.clock.setTimer(delayMs, () => this.#write(socket, { id, result }));
  }

  #write(socket: Socket | undefined, line: Fields): void {
    socket?.write(`${JSON.stringify(line)}\n`);
  }
}
