// A client of the kind that the original protocol allows: it opens a connection for each request, signs in or shows its
// token, reads one answer and closes, whatever else arrived. After `stay` it keeps its link, as plain clients do.

import { connect } from "node:net";
import { readLines, writeLine } from "./line-socket.ts";
import type { Fields } from "./line-socket.ts";
import type { Process } from "./machine.ts";
import { PlainClient } from "./plain-client.ts";
import { serverAddress, serverPort } from "./server-machine.ts";

const patienceMs = 15_000;
const againMs = { least: 1_000, most: 6_000 };

export class BriefClient extends PlainClient {
  #stays = false;
  #calls = 0;
  /** Calls are made one after the other, otherwise nothing would be in order. */
  readonly #queue: (() => void)[] = [];
  #calling = false;
  /** The request of the current call. */
  #asked: Fields | undefined;

  override stay(): void {
    this.#stays = true;
    // Its own link may be faster than the current call.
    if (this.#calling) this.parts.bench.sentAgain(this.#asked?.["msg"]);
    this.#queue.length = 0;
    if (this.wanted) super.login();
  }

  override login(): void {
    this.wanted = true;
    if (this.#stays) super.login();
    else this.#call(undefined);
  }

  override hangUp(): void {
    if (this.#stays) super.hangUp();
  }

  override ask(request: Fields, remembered = false): void {
    if (this.#stays) super.ask(request, remembered);
    else this.#call(request, remembered);
  }

  /** @param remembered whether it is repeated until it gets an answer */
  #call(request: Fields | undefined, remembered = false): void {
    const id = `call-${(this.#calls += 1)}`;
    if (remembered && request) this.unanswered.set(id, request);
    this.#enqueue(id, request);
  }

  #enqueue(id: string, request: Fields | undefined): void {
    this.#queue.push(() => {
      this.#asked = request;
      this.machine.run((process) => this.#connect(process, id, request));
    });
    this.#next();
  }

  #next(): void {
    if (this.#calling) return;
    const call = this.#queue.shift();
    this.#calling = call !== undefined;
    call?.();
  }

  #connect(process: Process, id: string, request: Fields | undefined): void {
    const { bench, chance } = this.parts;
    const signsIn = !request || this.token === undefined || chance.happens(0.4);
    bench.note(`${this.name} calls ${String(request?.["type"])}`);
    const socket = connect({ host: serverAddress, port: serverPort });
    const leave = (): void => {
      if (chance.happens(0.7)) socket.end();
      else socket.destroy();
    };
    const deadline = process.clock.setTimer(patienceMs, () => socket.destroy());
    socket.once("connect", () => {
      if (signsIn) writeLine(socket, { type: "auth", ...this.credentials(), id: "auth" });
      else writeLine(socket, { ...request, token: this.token, id });
    });
    let answered = false;
    socket.once("close", () => {
      deadline.dispose();
      // The request may still arrive, after the next one.
      if (!answered) bench.sentAgain(request?.["msg"]);
      this.#calling = false;
      this.#next();
      if (!request || !this.unanswered.has(id)) return;
      process.clock.setTimer(chance.between(againMs.least, againMs.most), () => this.#again(id, request));
    });
    readLines(socket, (line) => {
      if (line["type"] !== undefined || socket.destroyed) return;
      if (line["id"] === "auth") this.#signedIn(line);
      else if (line["id"] === id) {
        answered = true;
        this.#answered(id, line);
      }
      if (line["id"] === "auth" && line["result"] === "ok" && request) writeLine(socket, { ...request, id });
      else leave();
    });
  }

  #again(id: string, request: Fields): void {
    if (!this.unanswered.has(id) || this.#stays) return;
    this.parts.bench.sentAgain(request["msg"]);
    this.#enqueue(id, request);
  }

  #signedIn({ result, token }: Fields): void {
    this.token = result === "ok" ? token : undefined;
    if (result === "ok") this.logins += 1;
  }

  #answered(id: string, { code }: Fields): void {
    if (code === "not_authenticated") this.token = undefined;
    else this.unanswered.delete(id);
  }
}
