// The commands `invite create|list|revoke`. A code is shown once, when it is made; the data folder has only its hash. An
// invitation is valid for a time that the server has run, so the date on which it expires is an estimate.

import type { Environment } from "../../base/home/home.ts";
import { print } from "../../base/print.ts";
import { joinLink } from "../../protocol/join-link.ts";
import { isPin } from "../../protocol/pin.ts";
import { readChatAddress } from "../startup/address-file.ts";
import { readDataFolder, UsageError } from "../config/config.ts";
import type { Given } from "../config/config.ts";
import { count, duration } from "../config/option-values.ts";
import { defaultPasswordCost } from "../storage/passwords.ts";
import { withCaller } from "./call.ts";
import type { Caller } from "./call.ts";
import type { AdminAnswer } from "./requests.ts";

const defaultLifeMs = 7 * 24 * 60 * 60 * 1_000;
const maxUses = 100_000;
const createFlags: ReadonlySet<string> = new Set(["data", "uses", "expires", "server"]);

/** @throws UsageError, CommandFailure */
export async function runInviteCommand(words: readonly string[], flags: Given, env: Environment): Promise<void> {
  const [action, code, ...rest] = words;
  for (const flag of flags.keys()) {
    const known = action === "create" ? createFlags.has(flag) : flag === "data";
    if (!known) throw new UsageError(`--${flag} is not an option of invite ${action ?? ""}.`);
  }
  const folder = readDataFolder(flags, env);
  // Invitations have no password, so the cost is never used.
  const call = (work: (caller: Caller) => Promise<void>) => withCaller(folder, () => defaultPasswordCost, work);
  if (action === "create" && code === undefined) {
    const wanted = readWanted(flags);
    await call((caller) => create(caller, folder, wanted));
  } else if (action === "list" && code === undefined) {
    await call(list);
  } else if (action === "revoke" && code !== undefined && rest.length === 0) {
    await call(async (caller) => {
      await caller.ask({ ask: "revokeInvite", name: code });
    });
  } else {
    throw new UsageError("Say what to do: invite create, invite list, or invite revoke CODE.");
  }
}

interface Wanted {
  readonly uses: number;
  /** Infinity: until it is revoked. */
  readonly lifeMs: number;
  readonly server: string | undefined;
}

function readWanted(flags: Given): Wanted {
  const uses = flags.has("uses") ? count(flags.get("uses")) : 1;
  if (uses === undefined || uses === 0 || uses > maxUses) {
    throw new UsageError(`--uses must be a number from 1 to ${maxUses}.`);
  }
  const lifeMs = flags.has("expires") ? duration(flags.get("expires")) : defaultLifeMs;
  if (lifeMs === undefined) throw new UsageError("--expires must be a time such as 30m, 12h or 7d, or never.");
  const server = flags.get("server");
  if (server !== undefined && (typeof server !== "string" || !isChatAddress(server))) {
    throw new UsageError(
      "--server must be an address such as chat://chat.example.com:8765, with # and the server's pin behind it if it has one.",
    );
  }
  return { uses, lifeMs, server };
}

async function create(caller: Caller, folder: string, { uses, lifeMs, server }: Wanted): Promise<void> {
  const { code = "" } = await caller.ask({ ask: "createInvite", uses, ...(lifeMs === Infinity ? {} : { lifeMs }) });
  await print(`invitation ${code}\n${describe(uses, lifeMs)}\n`);
  const address = server ?? readChatAddress(folder);
  if (address === undefined) return;
  await print(`server ${address}\n${joinLink(address, code)}\n`);
}

/** Rejects a malformed pin: its link would be one that nobody can use. */
function isChatAddress(text: string): boolean {
  const [whole, pin] = /^chat:\/\/[^/\s#]+(?:#(.*))?$/.exec(text) ?? [];
  return whole !== undefined && (pin === undefined || isPin(pin));
}

async function list(caller: Caller): Promise<void> {
  const { invites = [] } = await caller.ask({ ask: "listInvites" });
  for (const invite of invites) await print(`${line(invite)}\n`);
}

function line({ id, uses, used, leftMs = Infinity, by }: NonNullable<AdminAnswer["invites"]>[number]): string {
  return `${id}  used ${used} of ${uses}  ${leftMs <= 0 ? "expired" : "until"} ${day(leftMs)}${by === undefined ? "" : `  by ${by}`}`;
}

function describe(uses: number, lifeMs: number): string {
  return `for ${uses === 1 ? "one account" : `${uses} accounts`}, until ${day(lifeMs)}; it is not shown again`;
}

/** The date by which the server will have run for that long, if it runs all the time. */
function day(leftMs: number): string {
  return leftMs === Infinity ? "it is revoked" : new Date(Date.now() + leftMs).toISOString();
}
