// The commands `invite create|list|revoke`. A code is shown once, when it is made; the data folder has its hash only.

import { readChatAddress, joinLink } from "../chat-address.ts";
import { readDataFolder, UsageError } from "../config.ts";
import type { Given } from "../config.ts";
import type { Environment } from "../../base/home.ts";
import { count, duration } from "../option-values.ts";
import { isPin } from "../../protocol/pin.ts";
import { Invites } from "../storage/invites.ts";
import type { InviteState } from "../storage/invites.ts";
import { CommandFailure, withDatabase } from "./data-folder.ts";

const defaultLifeMs = 7 * 24 * 60 * 60 * 1_000;
const maxUses = 100_000;
const createFlags: ReadonlySet<string> = new Set(["data", "uses", "expires", "server"]);

/** @throws UsageError, CommandFailure */
export function runInviteCommand(words: readonly string[], flags: Given, env: Environment): void {
  const [action, code, ...rest] = words;
  for (const flag of flags.keys()) {
    const known = action === "create" ? createFlags.has(flag) : flag === "data";
    if (!known) throw new UsageError(`--${flag} is not an option of invite ${action ?? ""}.`);
  }
  const folder = readDataFolder(flags, env);
  if (action === "create" && code === undefined) create(folder, flags);
  else if (action === "list" && code === undefined) withDatabase(folder, (database) => list(new Invites(database)));
  else if (action === "revoke" && code !== undefined && rest.length === 0) {
    withDatabase(folder, (database) => revoke(new Invites(database), code));
  } else {
    throw new UsageError("Say what to do: invite create, invite list, or invite revoke CODE.");
  }
}

function create(folder: string, flags: Given): void {
  const uses = flags.has("uses") ? count(flags.get("uses")) : 1;
  if (uses === undefined || uses === 0 || uses > maxUses) {
    throw new UsageError(`--uses must be a number from 1 to ${maxUses}.`);
  }
  const lifeMs = flags.has("expires") ? duration(flags.get("expires")) : defaultLifeMs;
  if (lifeMs === undefined) throw new UsageError("--expires must be a time such as 30m, 12h or 7d, or never.");
  const server = flags.get("server");
  if (server !== undefined && (typeof server !== "string" || !isChatAddress(server))) {
    throw new UsageError(
      "--server must be an address such as chat://chat.example.com:8765, with # and the server's pin behind it where it has one.",
    );
  }
  const nowMs = Date.now();
  withDatabase(folder, (database) => {
    const expiresMs = lifeMs === Infinity ? undefined : nowMs + lifeMs;
    const code = new Invites(database).create(uses, expiresMs, nowMs);
    process.stdout.write(`invitation ${code}\n${describe(uses, expiresMs)}\n`);
    const address = server ?? readChatAddress(folder);
    if (address === undefined) return;
    process.stdout.write(`server ${address}\n${joinLink(address, code)}\n`);
  });
}

/** A pin that is none would be a link that nobody can use. */
function isChatAddress(text: string): boolean {
  const [whole, pin] = /^chat:\/\/[^/\s#]+(?:#(.*))?$/.exec(text) ?? [];
  return whole !== undefined && (pin === undefined || isPin(pin));
}

function list(invites: Invites): void {
  for (const invite of invites.list()) process.stdout.write(`${line(invite)}\n`);
}

function line({ id, uses, used, expiresMs }: InviteState): string {
  const over = expiresMs !== undefined && expiresMs <= Date.now();
  return `${id}  used ${used} of ${uses}  ${over ? "expired" : "until"} ${day(expiresMs)}`;
}

function revoke(invites: Invites, name: string): void {
  if (invites.revoke(name)) return;
  throw new CommandFailure("There is no such invitation. Give its code, or its id from: chat-room-server invite list");
}

function describe(uses: number, expiresMs: number | undefined): string {
  return `for ${uses === 1 ? "one account" : `${uses} accounts`}, until ${day(expiresMs)}; it is not shown again`;
}

function day(ms: number | undefined): string {
  return ms === undefined ? "it is revoked" : new Date(ms).toISOString();
}
