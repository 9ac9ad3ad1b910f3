// Prints results. Text written by others never reaches the terminal unchanged: a message could contain escape sequences
// that rewrite the screen or type for the person (CWE-150). In JSON they are escaped, which does not change the value.

import type { Failure } from "../../protocol/errors.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { jsonWithoutHidden, withoutHidden } from "../../protocol/text/hidden-characters.ts";

/** @param write writes text to one of the two streams */
export class Output {
  readonly #json: boolean;
  readonly #write: (stream: "out" | "error", text: string) => void;

  constructor(json: boolean, write: (stream: "out" | "error", text: string) => void) {
    this.#json = json;
    this.#write = write;
  }

  /** Prints the result of a command: `text` for a person, `value` for a script. */
  result(text: string, value: object): void {
    this.#write("out", this.#json ? jsonLine(value) : `${plain(text)}\n`);
  }

  /** Prints this program's own text unchanged, for a shell or for help. */
  raw(text: string): void {
    this.#write("out", text);
  }

  /** Prints one message; a line of JSON for a script. @param place the conversation's name, if it is to be shown */
  message(message: ChatMessage, place?: string): void {
    const where = place === undefined ? "" : `[${plainName(place)}] `;
    this.result(`${where}${formatMessage(message)}`, message);
  }

  /** Prints something besides the result. Scripts do not see it. */
  hint(text: string): void {
    if (!this.#json) this.#write("error", `${plain(text)}\n`);
  }

  /** Prints something that a person has to know, whatever they asked for. */
  notice(text: string): void {
    this.#write("error", this.#json ? jsonLine({ notice: text }) : `${plain(text)}\n`);
  }

  /** Prints a failure. @returns the exit code */
  refused(why: Pick<Failure, "code" | "reason">): 1 {
    this.failure(why);
    return 1;
  }

  failure({ code, reason }: Pick<Failure, "code" | "reason">): void {
    this.#write("error", this.#json ? jsonLine({ error: { code, reason } }) : `${plain(reason)}\n`);
  }
}

/** Like `plain`, but on one line: a name cannot pass for two, or for a line of this program. */
export function plainName(text: string): string {
  return plain(text).replace(/[\n\t]/g, "\u{fffd}");
}

/** Like `plain`, but with further lines indented, so that none passes for a line of its own. */
export function plainLines(text: string): string {
  return plain(text).replaceAll("\n", "\n    ");
}

/** Removes characters that are not visible, except line breaks and tabs. */
export function plain(text: string): string {
  return withoutHidden(text.replaceAll(/\r+\n/g, "\n"), "\u{fffd}");
}

function jsonLine(value: object): string {
  return `${jsonWithoutHidden(JSON.stringify(value))}\n`;
}

export function formatMessage(message: ChatMessage): string {
  const { from, text, sentAtMs, own, state, edited, deleted, quote } = message;
  if (message.unreadable === true) return "This message cannot be shown.";
  const change = deleted === true ? "(deleted)" : edited === true ? " (edited)" : "";
  const trailer = `${change}${own && state !== "delivered" && state !== "read" ? ` (${state})` : ""}`;
  const answered = quote === undefined ? "" : `${describeQuote(quote)} `;
  return `${formatTime(sentAtMs)} ${plainName(from)}: ${answered}${plainLines(text)}${trailer}`;
}

const quotedCharacters = 40;

/** Describes the quoted message, shown before the text. */
function describeQuote({ from = "", text }: NonNullable<ChatMessage["quote"]>): string {
  const words = Array.from(plainName(text.trim()));
  const shown = words.slice(0, quotedCharacters).join("");
  const whose = from === "" ? "" : `${plainName(from)}: `;
  return `(to ${whose}"${shown}${words.length > quotedCharacters ? "…" : ""}")`;
}

/** Formats a time to the minute, in this machine's time zone: 2026-11-22 14:05. @param atMs since 1970 */
export function formatTime(atMs: number): string {
  const at = new Date(atMs);
  if (Number.isNaN(at.getTime())) return "(no time)";
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
