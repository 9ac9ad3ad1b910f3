// Who blocks whom, answered from memory for every message. Changes go to the engine first.

import type { Account, Accounts, Blocks, Written } from "../core/ports.ts";
import type { StorageClient } from "./engine-client.ts";
import { SortedKeys } from "./sorted-keys.ts";

interface Owned {
  /** Ids by the keys of their accounts. */
  readonly byKey: Map<string, number>;
  readonly ids: Set<number>;
  readonly keys: SortedKeys;
}

export class BlockList implements Blocks {
  readonly #client: StorageClient;
  readonly #accounts: Pick<Accounts, "get">;
  readonly #byOwner = new Map<number, Owned>();
  /** Who blocks each account. */
  readonly #byTarget = new Map<number, Set<number>>();

  constructor(client: StorageClient, accounts: Pick<Accounts, "get">) {
    this.#client = client;
    this.#accounts = accounts;
  }

  load(blocks: Iterable<readonly [owner: number, target: number]>): void {
    for (const [owner, target] of blocks) this.#add(owner, target);
  }

  has(owner: number, target: number): boolean {
    return this.#byOwner.get(owner)?.ids.has(target) === true;
  }

  isBlocked(target: number): boolean {
    return this.#byTarget.has(target);
  }

  *of(owner: number, after = ""): Iterable<Account> {
    const owned = this.#byOwner.get(owner);
    if (!owned) return;
    for (const key of owned.keys.from(after)) {
      if (key === after) continue;
      const account = this.#accounts.get(owned.byKey.get(key) ?? 0);
      if (account) yield account;
    }
  }

  async put(owner: number, target: number): Promise<Written> {
    if ((await this.#client.ask("block", owner, target)) === "failed") return "failed";
    this.#add(owner, target);
    return "written";
  }

  async remove(owner: number, target: number): Promise<Written> {
    if ((await this.#client.ask("unblock", owner, target)) === "failed") return "failed";
    const account = this.#accounts.get(target);
    if (account) this.#delete(owner, account);
    return "written";
  }

  /** Removes all blocks by and of that account. @param account must still be known to the accounts */
  forget(account: Account): void {
    for (const owner of this.#byTarget.get(account.id) ?? []) this.#delete(owner, account);
    for (const target of this.#byOwner.get(account.id)?.ids ?? []) this.#unblocked(account.id, target);
    this.#byOwner.delete(account.id);
  }

  #add(owner: number, target: number): void {
    const account = this.#accounts.get(target);
    if (!account || !this.#accounts.get(owner)) return;
    let owned = this.#byOwner.get(owner);
    if (!owned) this.#byOwner.set(owner, (owned = { byKey: new Map(), ids: new Set(), keys: new SortedKeys() }));
    owned.ids.add(target);
    owned.byKey.set(account.key, target);
    owned.keys.add(account.key);
    const owners = this.#byTarget.get(target);
    if (owners) owners.add(owner);
    else this.#byTarget.set(target, new Set([owner]));
  }

  #delete(owner: number, target: Account): void {
    const owned = this.#byOwner.get(owner);
    if (!owned?.ids.delete(target.id)) return;
    owned.byKey.delete(target.key);
    owned.keys.delete(target.key);
    if (owned.ids.size === 0) this.#byOwner.delete(owner);
    this.#unblocked(owner, target.id);
  }

  #unblocked(owner: number, target: number): void {
    const owners = this.#byTarget.get(target);
    owners?.delete(owner);
    if (owners?.size === 0) this.#byTarget.delete(target);
  }
}
