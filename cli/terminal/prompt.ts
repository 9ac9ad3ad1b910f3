// Asks the person at the terminal and reads piped input. Questions go to the error stream, because the output is only for
// the result.

import { createInterface } from "node:readline";
import type { Interface } from "node:readline";
import { Writable } from "node:stream";
import { write } from "../../base/print.ts";
import { plain } from "./output.ts";

export interface Terminal {
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  /** @throws if the person cancels */
  ask(question: string): Promise<string>;
  /** Asks without showing the typed text. @throws like `ask` */
  askSecret(question: string): Promise<string>;
  /** Returns the standard input without its final newline; undefined if it is not UTF-8 text. */
  readAll(): Promise<string | undefined>;
  /** Releases the terminal. Idempotent. */
  close(): void;
}

export function openTerminal(): Terminal {
  return new StandardTerminal();
}

class StandardTerminal implements Terminal {
  readonly interactive = process.stdin.isTTY;
  #lines: Interface | undefined;
  #muted = false;
  /** Lines typed before they were asked for. */
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
    // It may contain the name of a server or a person.
    lines.setPrompt(plain(question));
    lines.prompt();
    this.#muted = secret;
    const earlyLine = this.#early.shift();
    if (earlyLine !== undefined) return earlyLine;
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

/** Decodes UTF-8; undefined if the bytes are not text. A NUL never occurs in text, only in UTF-16 and in programs. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Evaluates the answer to a question that ends with [y/N]. */
export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}
