// Where a person's own files are: `CHAT_ROOM_HOME`, or else the platform's folder for state. Not a temporary folder,
// because those differ between programs of one session. The folder is private to the person, and refused if it is not.

import { lstatSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { isRemote } from "../files/remote-folder.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The properties of this machine that decide where the folder is. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly hostname: string;
  /** Whether other machines write to that folder too. */
  isRemote(folder: string): boolean;
}

const thisMachine = (): Machine => ({ platform: process.platform, hostname: hostname(), isRemote });

/**
 * The same for every program of one person, whichever folder the program was started in. On a file system that several
 * machines share, each machine has its own: locks and sockets do not work across machines.
 * @throws an error with a sentence if this person has no folder at all
 */
export function homeFolder(env: Environment, machine: Machine = thisMachine()): string {
  const chosen = env["CHAT_ROOM_HOME"];
  if (chosen !== undefined && chosen !== "") return chosenFolder(chosen);
  const base = stateFolder(env, machine.platform);
  if (!machine.isRemote(base)) return join(base, "chat-room");
  return join(
    base,
    `chat-room-${machine.hostname
      .toLowerCase()
      .replace(/[^a-z0-9.-]/g, "-")
      .slice(0, 64)}`,
  );
}

/** A relative path starts at the person's home folder, so that a terminal and an editor agree. */
function chosenFolder(chosen: string): string {
  if (isAbsolute(chosen)) return resolve(chosen);
  return resolve(personFolder(), chosen.replace(/^~[/\\]/, ""));
}

function stateFolder(env: Environment, platform: NodeJS.Platform): string {
  if (platform === "win32") return env["LOCALAPPDATA"] ?? join(personFolder(), "AppData", "Local");
  if (platform === "darwin") return join(personFolder(), "Library", "Application Support");
  const state = env["XDG_STATE_HOME"];
  return state !== undefined && isAbsolute(state) ? state : join(personFolder(), ".local", "state");
}

function personFolder(): string {
  try {
    const folder = homedir();
    if (isAbsolute(folder)) return folder;
  } catch {
    // An account without one.
  }
  throw new Error(
    "You have no home folder here (HOME). Set CHAT_ROOM_HOME to a folder of your own, with its whole path.",
  );
}

/**
 * Creates the folder for this user alone, or checks that it is private (CWE-732, CWE-59).
 * @throws an error whose sentence says what to do
 */
export function ensurePrivateFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    // If the name is taken by something else, the check below reports it.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw cannotMake(folder, error);
  }
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder. Move it away, or set CHAT_ROOM_HOME.`);
  if (process.getuid === undefined) return;
  if (found.uid !== process.getuid()) {
    throw new Error(`${folder} belongs to another user. Set CHAT_ROOM_HOME to a folder of your own.`);
  }
  if ((found.mode & 0o077) !== 0) {
    throw new Error(`Others can open ${folder}. Run: chmod 700 '${folder}', or set CHAT_ROOM_HOME to another folder.`);
  }
}

function cannotMake(folder: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `The folder ${folder} cannot be made (${why}). Set CHAT_ROOM_HOME to a folder that you may write to.`,
    {
      cause,
    },
  );
}
