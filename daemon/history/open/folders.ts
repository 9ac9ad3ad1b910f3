// Finds the folder of an account. An account is a user at a server's key, whatever the server's address, so the folder lists
// the keys and addresses that it was used with (`account.json`). Older folders are named by the address alone. Every folder
// name is a label from which no user name can lead outside the home.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ensurePrivateFolder } from "../../../base/home/home.ts";
import { readPrivateJson, writePrivateFile } from "../../../base/files/private-file.ts";
import type { Account } from "../../../protocol/api/model.ts";
import { keyOfName } from "../../../protocol/names.ts";
import type { Pin } from "../../../protocol/pin.ts";
import { array, object, string } from "../../../protocol/validate.ts";
import type { Infer } from "../../../protocol/validate.ts";

/** Returns the servers' keys by normalised address. @throws a sentence if they cannot be read */
export type Servers = () => ReadonlyMap<string, Pin>;

const word = string({ min: 1, max: 1_024 });
const labelSchema = object({ user: word, pins: array(word), servers: array(word) });
type Label = Infer<typeof labelSchema>;

/** How many keys, and how many addresses, are kept: the most recently used. */
const maxKnown = 32;

export interface FoundFolder {
  /** Created if there was none. */
  readonly folder: string;
  /** Other folders of the same account, to be merged into it. */
  readonly others: readonly string[];
}

/** Finds or creates the folder of an account. @throws a sentence, or an error of the file system */
export function findFolder(home: string, account: Account, servers: Servers): FoundFolder {
  const accounts = join(home, "accounts");
  ensurePrivateFolder(accounts);
  const known = servers();
  const pin = known.get(account.server);
  const found = foldersIn(accounts).filter((folder) => isOf(folder, account, pin, known));
  const [newest, ...others] = found.sort((one, other) => lastUse(other.path) - lastUse(one.path));
  const folder = newest?.path ?? join(accounts, nameOf(pin ?? account.server, keyOfName(account.user)));
  ensurePrivateFolder(folder);
  label(folder, newest?.label, account, pin);
  return { folder, others: others.map(({ path }) => path) };
}

/** Adds a server's new key to its folders, because the person confirmed that it is still the same server. */
export function followKey(home: string, server: string, pin: Pin, servers: Servers): void {
  const accounts = join(home, "accounts");
  if (!existsSync(accounts)) return;
  const before = servers().get(server);
  for (const { path, label: said } of foldersIn(accounts)) {
    if (!said?.servers.includes(server) || (before !== undefined && !said.pins.includes(before))) continue;
    writeLabel(path, { ...said, pins: added(said.pins, pin) });
  }
}

interface Folder {
  readonly path: string;
  readonly name: string;
  /** Undefined in a folder that is older than labels. */
  readonly label: Label | undefined;
}

function foldersIn(accounts: string): Folder[] {
  const names = readdirSync(accounts, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map(({ name }) => {
    const path = join(accounts, name);
    return { path, name, label: readLabel(path) };
  });
}

/** Reads a label. An unreadable one counts as missing, because the next opening writes it again. */
function readLabel(folder: string): Label | undefined {
  try {
    return readPrivateJson(join(folder, "account.json"), labelSchema);
  } catch {
    return undefined;
  }
}

function isOf(
  { name, label: said }: Folder,
  { user, server }: Account,
  pin: Pin | undefined,
  known: ReadonlyMap<string, Pin>,
): boolean {
  const key = keyOfName(user);
  if (said) {
    if (keyOfName(said.user) !== key) return false;
    if (pin !== undefined && said.pins.length > 0) return said.pins.includes(pin);
    return said.servers.some((each) => each === server || (pin !== undefined && known.get(each) === pin));
  }
  const addresses = [server, ...[...known].flatMap(([address, its]) => (its === pin ? address : []))];
  return addresses.some((address) => [key, formerKeyOf(user)].some((each) => nameOf(address, each) === name));
}

function label(folder: string, before: Label | undefined, { user, server }: Account, pin: Pin | undefined): void {
  const said = before ?? { user: keyOfName(user), pins: [], servers: [] };
  const now = {
    ...said,
    pins: pin === undefined ? said.pins : added(said.pins, pin),
    servers: added(said.servers, server),
  };
  if (before === undefined || now.pins !== before.pins || now.servers !== before.servers) writeLabel(folder, now);
}

function writeLabel(folder: string, said: Label): void {
  writePrivateFile(join(folder, "account.json"), `${JSON.stringify(said, undefined, 2)}\n`);
}

/** Returns the list with the entry, or the same list if it has it already. */
function added(list: string[], entry: string): string[] {
  return list.includes(entry) ? list : [...list, entry].slice(-maxKnown);
}

/** Computes the key of a name as `keyOfName` did before it used full case folding. */
function formerKeyOf(name: string): string {
  return name.normalize("NFKC").toLowerCase().normalize("NFKC");
}

/**
 * Returns the name of a folder: readable, and unique by a hash.
 * @param place the server's key, or its address if it has none
 */
function nameOf(place: string, key: string): string {
  const readable = key.replaceAll(/[^a-z0-9_-]/g, "").slice(0, 24);
  const hash = createHash("sha256").update(`${place}\n${key}`).digest("hex").slice(0, 12);
  return readable === "" ? hash : `${readable}-${hash}`;
}

function lastUse(folder: string): number {
  const path = join(folder, "history.db");
  return Math.max(...[path, `${path}-wal`].map((each) => (existsSync(each) ? statSync(each).mtimeMs : 0)));
}
