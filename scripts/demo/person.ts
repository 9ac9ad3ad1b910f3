// A person of the demo: an account on its server, and their own daemon, which is signed in before the editor opens.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../run.ts";

export interface Person {
  readonly name: string;
  /** Everything this person has: editor, settings, daemon. */
  readonly folder: string;
  /** `CHAT_ROOM_HOME` */
  readonly home: string;
}

/** Creates the folders; the account and the password only at the first start. */
export async function preparePerson(name: string, demoFolder: string, server: string): Promise<Person> {
  const folder = join(demoFolder, name);
  const home = join(folder, "chat-room");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const person = { name, folder, home };
  const passwordFile = join(folder, "password");
  const first = !existsSync(passwordFile);
  const password = first ? randomBytes(12).toString("base64url") : await readFile(passwordFile, "utf8");
  const args = ["login", "--server", server, "--user", name, "--password-stdin", ...(first ? ["--register"] : [])];
  await chatRoom(person, args, password);
  if (first) await writeFile(passwordFile, password, { mode: 0o600 });
  return person;
}

/** Ends the person's daemon, if there is one. */
export async function stopDaemon(person: Person): Promise<void> {
  await chatRoom(person, ["stop"]).catch(() => undefined);
}

/** Runs the command line as that person. */
export async function chatRoom(person: Person, args: readonly string[], input = ""): Promise<string> {
  const child = spawn(process.execPath, [join(root, "dist", "cli.js"), ...args], {
    env: { ...process.env, CHAT_ROOM_HOME: person.home },
    stdio: "pipe",
    detached: process.platform !== "win32",
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`chat-room ${args[0] ?? ""} failed for ${person.name}: ${output.trim()}`);
  return output;
}
