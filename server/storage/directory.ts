// Accounts, answered from memory on every request. Changes go to the engine first; memory shows what is committed.

import { createHmac, randomBytes } from "node:crypto";
import type { AccountId } from "../../protocol/ids.ts";
import { limits } from "../../protocol/limits.ts";
import type { Account, Accounts, MemberInvite, NewAccount, Written } from "../core/ports.ts";
import type { StorageClient } from "./engine-client.ts";
import type { NameRules } from "./name-rules.ts";
import type { CreateRefusal, InviteBounds, LoadedAccount, Origin } from "./operations.ts";
import { SortedKeys } from "./sorted-keys.ts";

interface Row {
  readonly account: Account;
  readonly skeletons: readonly string[];
  password: string;
}

const publicIdBytes = 10;
const inviteBounds: InviteBounds = {
  maxOpen: limits.maxMemberInvites,
  maxOpenUses: limits.maxMemberInviteUses,
  maxNewUses: limits.maxNewInviteUses,
  windowMs: limits.memberInviteWindowMs,
};

export class Directory implements Accounts {
  readonly #client: StorageClient;
  readonly #names: NameRules;
  #secret: Uint8Array = new Uint8Array(0);
  readonly #byId = new Map<number, Row>();
  readonly #byName = new Map<string, Row>();
  readonly #byKey = new Map<string, Row>();
  /** The earliest of the accounts that share a skeleton. */
  readonly #bySkeleton = new Map<string, Row>();
  readonly #byPublicId = new Map<string, Row>();
  readonly #keys = new SortedKeys();
  /** Accounts whose password can be checked; one that was inserted by hand may hold anything. */
  readonly #publicIds = new SortedKeys();

  constructor(client: StorageClient, names: NameRules) {
    this.#client = client;
    this.#names = names;
  }

  load(accounts: readonly LoadedAccount[]): void {
    for (const loaded of accounts) this.#add({ ...loaded });
  }

  /** @param secret of this server; without it, nobody can tell which account stands in for an unknown name */
  keepSecret(secret: Uint8Array): void {
    this.#secret = secret;
  }

  find(name: string): Account | undefined {
    return (this.#byName.get(name) ?? this.#byKey.get(this.#names.keyOf(name)))?.account;
  }

  get(id: number): Account | undefined {
    return this.#byId.get(id)?.account;
  }

  lookAlike(skeleton: string): Account | undefined {
    return this.#bySkeleton.get(skeleton)?.account;
  }

  passwordOf(account: Account): string {
    return this.#byId.get(account.id)?.password ?? "";
  }

  /**
   * Ids are random, so the next id after a hash is equally likely to be any, and mostly stays the same as others come and
   * go.
   */
  anyPassword(seed: string): string | undefined {
    const place = createHmac("sha256", this.#secret).update(seed).digest("hex");
    for (const id of this.#publicIds.from(place)) return this.#byPublicId.get(id)?.password;
    for (const id of this.#publicIds.from("")) return this.#byPublicId.get(id)?.password;
    return undefined;
  }

  async isInvited(invite: string): Promise<boolean> {
    return (await this.#client.ask("isInvited", invite)) === true;
  }

  create(account: NewAccount, invite?: string): Promise<Written | CreateRefusal> {
    return this.createAs(account, invite === undefined ? "registration" : "invitation", invite);
  }

  /** @param origin how the account is made, for the audit log */
  async createAs(account: NewAccount, origin: Origin, invite?: string): Promise<Written | CreateRefusal> {
    const publicId = randomBytes(publicIdBytes).toString("hex") as AccountId;
    const id = await this.#client.ask("createAccount", { ...account, publicId }, origin, invite);
    if (typeof id !== "number") return id;
    const { name, key, password } = account;
    this.#add({ account: { id, publicId, name, key }, skeletons: this.#names.skeletonsOf(name), password });
    return "written";
  }

  invite({ id }: Account, uses: number, lifeMs: number): Promise<MemberInvite | "failed"> {
    return this.#client.ask("createMemberInvite", id, uses, lifeMs, inviteBounds);
  }

  rehash(account: Account, before: string, password: string): void {
    this.#client.post("rehash", [account.id, before, password], (changed) => {
      const row = this.#byId.get(account.id);
      if (changed === true && row) row.password = password;
    });
  }

  /**
   * The caller makes the stores of tokens and devices forget the account. @returns false if the account no longer exists
   */
  async changePassword(account: Account, password: string): Promise<boolean | "failed"> {
    const changed = await this.#client.ask("changePassword", account.id, password);
    const row = this.#byId.get(account.id);
    if (changed === true && row) {
      row.password = password;
      this.#publicIds.add(account.publicId);
    }
    return changed;
  }

  /** Removes everything of the account. @returns false if the account no longer exists */
  async removeAccount(account: Account): Promise<boolean | "failed"> {
    const removed = await this.#client.ask("removeAccount", account.id);
    if (removed === true) this.#remove(account.id);
    return removed;
  }

  *list(prefix: string, after: string): Iterable<Account> {
    for (const key of this.#keys.from(after > prefix ? after : prefix)) {
      if (!key.startsWith(prefix)) return;
      if (key === after) continue;
      const row = this.#byKey.get(key);
      if (row) yield row.account;
    }
  }

  #add(row: Row): void {
    const { id, name, key, publicId } = row.account;
    this.#byId.set(id, row);
    this.#byName.set(name, row);
    this.#byKey.set(key, row);
    this.#byPublicId.set(publicId, row);
    for (const each of row.skeletons) if (!this.#bySkeleton.has(each)) this.#bySkeleton.set(each, row);
    this.#keys.add(key);
    if (isPhcString(row.password)) this.#publicIds.add(publicId);
  }

  #remove(id: number): void {
    const row = this.#byId.get(id);
    if (!row) return;
    const { name, key, publicId } = row.account;
    this.#byId.delete(id);
    this.#byName.delete(name);
    this.#byKey.delete(key);
    this.#byPublicId.delete(publicId);
    this.#keys.delete(key);
    this.#publicIds.delete(publicId);
    for (const each of row.skeletons) if (this.#bySkeleton.get(each) === row) this.#bySkeleton.delete(each);
  }
}

function isPhcString(password: string): boolean {
  return password.startsWith("$");
}
