// A client that stores messages and acknowledges them [P-5.1], in order and often late: after the server has moved what it
// waited for into the mailbox [P-5.2]. Uses none of our code, like the plain clients.

import type { Socket } from "node:net";
import { writeLine } from "./line-socket.ts";
import type { Fields } from "./line-socket.ts";
import { PlainClient } from "./plain-client.ts";

const promptMs = 500;
const lateMs = { least: 8_000, most: 40_000 };

export class LateClient extends PlainClient {
  #prompt = false;
  /** When it answers the latest push, per link. */
  readonly #answersMs = new WeakMap<Socket, number>();

  override get stores(): boolean {
    return true;
  }

  override stay(): void {
    this.#prompt = true;
  }

  protected override credentials(): Fields {
    return { ...super.credentials(), acks: true };
  }

  /** Delay before it answers. */
  protected delayMs(): number {
    const { chance } = this.parts;
    const isLate = !this.#prompt && chance.happens(0.3);
    return isLate ? chance.between(lateMs.least, lateMs.most) : chance.between(0, promptMs);
  }

  protected override message(socket: Socket, push: Fields): void {
    this.received.add(String(push["msg"]));
    this.answerLater(socket, { id: push["id"], result: "ok" });
  }

  /** Answers after its answers to earlier pushes. */
  protected answerLater(socket: Socket, answer: Fields): void {
    const clock = this.machine.process?.clock;
    if (!clock) return;
    const nowMs = clock.monotonicMs();
    const atMs = Math.max(nowMs + this.delayMs(), this.#answersMs.get(socket) ?? 0);
    this.#answersMs.set(socket, atMs);
    clock.setTimer(atMs - nowMs, () => writeLine(socket, answer));
  }

  protected override answerPush(socket: Socket, id: unknown, result: string): void {
    writeLine(socket, { id, result });
  }
}
