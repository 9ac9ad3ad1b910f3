// Asking the person at the terminal, and reading what was piped in. Questions go to the error stream: the output is the
// result's alone.

import { createInterface } from "node:readline";
import type { Interface } from "node:readline";
import { Writable } from "node:stream";
import { write } from "../../base/print.ts";
import { plain } from "./output.ts";

export interface Terminal {
  /** A person can be asked. */
  readonly interactive: boolean;
  /** @throws when the person gives up instead of answering */
  ask(question: string): Promise<string>;
  /** What is typed is not shown. @throws as `ask` */
  askSecret(question: string): Promise<string>;
  /** Everything on the standard input, without the newline at its end; undefined where that is no text in UTF-8. */
  readAll(): Promise<string | undefined>;
  /** Gives the terminal back. Idempotent. */
  close(): void;
}

export function openTerminal(): Terminal {
  return new StandardTerminal();
}

class StandardTerminal implements Terminal {
  readonly interactive = process.stdin.isTTY;
  #lines: Interface | undefined;
  #muted = false;
  /** Typed before it was asked for. */
  readonly #early: string[] = [];
  #waiting: { answer: (line: string) => void; giveUp: () => void } | undefined;

  async ask(question: string): Promise<string> {
    return (await this.#line(question, false)).trim();
  }

  async askSecret(question: string): Promise<string> {
    const line = await this.#line(question, true);
    write(2, "\n", () => undefined);
    return line;
  }

  async readAll(): Promise<string | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
    return textOf(Buffer.concat(chunks))?.replace(/\r?\n$/, "");
  }

  close(): void {
    this.#waiting = undefined;
    this.#lines?.close();
  }

  async #line(question: string, secret: boolean): Promise<string> {
    const lines = (this.#lines ??= this.#open());
    this.#muted = false;
    // It may name a server or a person.
    lines.setPrompt(plain(question));
    lines.prompt();
    this.#muted = secret;
    const early = this.#early.shift();
    if (early !== undefined) return early;
    return await new Promise((answer, reject) => {
      this.#waiting = { answer, giveUp: () => reject(new Error("Cancelled.")) };
    });
  }

  #open(): Interface {
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (!this.#muted) write(2, chunk.toString(), () => undefined);
        done();
      },
    });
    const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
    lines.on("line", (line) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting) waiting.answer(line);
      else this.#early.push(line);
    });
    lines.on("close", () => this.#waiting?.giveUp());
    return lines;
  }
}

/** Undefined where the bytes are no text: a NUL is in none, but in UTF-16 and in programs. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Of an answer to a question that ends with [y/N]. */
export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}
