// Passwords for the admin commands: from a prompt that shows nothing, or from the first line of stdin.

import { createInterface } from "node:readline";
import type { ReadStream } from "node:tty";
import { UsageError } from "../config/config.ts";

/** Reads the first line of the stream, without its line end. */
export async function readPassword(input: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input, crlfDelay: Infinity })) return line;
  return "";
}

/** @throws UsageError if there is no terminal, or if the two entries differ */
export async function askPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError("There is no terminal to ask for the password. Use --password-stdin.");
  }
  const first = await ask(process.stdin, `Password for ${name}: `);
  const second = await ask(process.stdin, "The same again: ");
  if (first !== second) throw new UsageError("The two passwords differ. Nothing was changed.");
  return first;
}

const endOfText = "\u0003";
const endOfTransmission = "\u0004";
const erasers: ReadonlySet<string> = new Set(["\u0008", "\u007f"]);

/** Reads one line, typed without echo. Ctrl+C ends the program as usual. */
function ask(terminal: ReadStream, prompt: string): Promise<string> {
  process.stderr.write(prompt);
  terminal.setRawMode(true);
  terminal.setEncoding("utf8");
  terminal.resume();
  return new Promise((resolve) => {
    let typed: string[] = [];
    const read = (chunk: string) => {
      for (const character of chunk) {
        if (character === endOfText) process.exitCode = 1;
        if ([endOfText, endOfTransmission, "\r", "\n"].includes(character)) {
          terminal.off("data", read).setRawMode(false).pause();
          process.stderr.write("\n");
          if (character === endOfText) process.kill(process.pid, "SIGINT");
          resolve(typed.join(""));
          return;
        }
        if (erasers.has(character)) typed = typed.slice(0, -1);
        else typed.push(character);
      }
    };
    terminal.on("data", read);
  });
}
