// What all judges share: the time, the record of what was written, the trace, and the violations.

import type { Scheduler } from "./scheduler.ts";
import { Trace } from "./trace.ts";

/** A message as a person wrote it: by whom, to whom (undefined: to everyone), and its number. */
export interface Writing {
  readonly client: string;
  readonly user: string;
  readonly to: string | undefined;
  readonly number: number;
}

export class Bench {
  readonly trace = new Trace();
  readonly violations: string[] = [];
  /** Extra time of the server: days in which nothing happened. */
  leaptMs = 0;
  readonly #scheduler: Scheduler;
  readonly #ports = new Map<number, string>();
  readonly #writings = new Map<string, Writing>();
  readonly #numbers = new Map<string, number>();
  readonly #sentAgain = new Set<string>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  get nowMs(): number {
    return this.#scheduler.nowMs;
  }

  /** By a clock of the server that is never set. */
  get serverMs(): number {
    return this.nowMs + this.leaptMs;
  }

  note(text: string): void {
    this.trace.add(this.nowMs, text);
  }

  violation(text: string): void {
    this.note(`VIOLATION ${text}`);
    this.violations.push(`at ${this.nowMs.toFixed(3)} ms: ${text}`);
  }

  listensAt(port: number, user: string): void {
    this.#ports.set(port, user);
  }

  userAtPort(port: number): string | undefined {
    return this.#ports.get(port);
  }

  /** Returns the next text of that client to that person. @param padding makes it longer */
  write(client: string, user: string, to: string | undefined, padding: number): string {
    const kind = `${client}>${to ?? "*"}`;
    const number = (this.#numbers.get(kind) ?? 0) + 1;
    this.#numbers.set(kind, number);
    const text = `${kind}#${number} ${"x".repeat(padding)}`;
    this.#writings.set(text, { client, user, to, number });
    return text;
  }

  writing(text: unknown): Writing | undefined {
    return typeof text === "string" ? this.#writings.get(text) : undefined;
  }

  /** Notes a text that may arrive out of order, because a client that does not wait for answers sent it again. */
  sentAgain(text: unknown): void {
    if (typeof text === "string") this.#sentAgain.add(text);
  }

  wasSentAgain(text: string): boolean {
    return this.#sentAgain.has(text);
  }

  /** Returns a text without its padding. */
  short(text: string): string {
    return text.slice(0, text.indexOf(" "));
  }
}
