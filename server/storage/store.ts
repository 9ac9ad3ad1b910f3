// Everything that the server keeps on disk: one SQLite file in the data folder, used by an engine in its own thread. The
// most frequent reads come from memory; everything else asks the engine. Nothing here waits for a disk.

import type { Clock } from "../../base/clock.ts";
import type { Account, Log } from "../core/ports.ts";
import { BlockList } from "./block-list.ts";
import { StorageClient } from "./engine-client.ts";
import type { ClientOptions } from "./engine-client.ts";
import { DeviceStore } from "./device-store.ts";
import { Directory } from "./directory.ts";
import { MailboxStore } from "./mailbox-store.ts";
import type { NameRules } from "./name-rules.ts";
import type { AuditEntry, Figures, InviteState, Loaded } from "./operations.ts";
import { OutcomeStore } from "./outcome-store.ts";
import { RunningTime } from "./running-time.ts";
import { TokenStore } from "./token-store.ts";

export interface StoreOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Receives the duration of each transaction. */
  readonly committed?: ((ms: number) => void) | undefined;
}

export interface StoreParts extends ClientOptions {
  readonly names: NameRules;
  /** Lets the engine write what is pending, and end. @returns false if it did not in time */
  readonly end: (deadlineMs: number) => Promise<boolean>;
}

const nothing: Figures = { failing: false, letters: 0, letterBytes: 0, databaseBytes: 0, walBytes: 0, freeBytes: 0 };

export class Store {
  readonly accounts: Directory;
  readonly blocks: BlockList;
  readonly tokens: TokenStore;
  readonly devices: DeviceStore;
  readonly mailbox: MailboxStore;
  readonly outcomes: OutcomeStore;
  readonly client: StorageClient;
  readonly #parts: StoreParts;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.client = new StorageClient(parts, nothing);
    this.accounts = new Directory(this.client, parts.names);
    this.blocks = new BlockList(this.client, this.accounts);
    this.tokens = new TokenStore(this.client);
    this.devices = new DeviceStore(this.client);
    this.mailbox = new MailboxStore(this.client, this.accounts);
    this.outcomes = new OutcomeStore(this.client);
  }

  load(loaded: Loaded): void {
    switch (loaded.kind) {
      case "accounts":
        this.accounts.load(loaded.accounts);
        break;
      case "blocks":
        this.blocks.load(loaded.blocks);
        break;
      case "tokens":
        this.tokens.load(loaded.tokens);
        break;
      case "devices":
        this.devices.load(loaded.devices);
        break;
      case "holders":
        this.mailbox.load(loaded.accounts);
        break;
      case "state":
        this.tokens.keepTime(new RunningTime(loaded.runningMs, this.#parts.clock));
        this.accounts.keepSecret(loaded.secret);
        this.client.figures = loaded.figures;
        break;
    }
  }

  /** Whether the engine answers, the last write succeeded, and there is room for more. From memory. */
  get works(): boolean {
    return this.client.works;
  }

  /** As last reported. From memory. */
  get figures(): Figures {
    return this.client.figures;
  }

  /** Checks whether the engine still answers, for `works`. Call it every few seconds. */
  ping(): void {
    this.client.ping();
  }

  /** Also ends its token and forgets its devices. @returns false if the account is gone */
  async changePassword(account: Account, password: string): Promise<boolean | "failed"> {
    const changed = await this.accounts.changePassword(account, password);
    if (changed === true) {
      this.tokens.forgetAccount(account.id);
      this.devices.forgetAccount(account.id);
    }
    return changed;
  }

  /** Removes the account with its mailbox, its blocks and its session. @returns false if it is already gone */
  async removeAccount(account: Account): Promise<boolean | "failed"> {
    const removed = await this.accounts.removeAccount(account);
    if (removed === true) {
      this.blocks.forget(account);
      this.tokens.forgetAccount(account.id);
      this.devices.forgetAccount(account.id);
    }
    return removed;
  }

  /** @param lifeMs validity in running time; undefined: until it is revoked @returns the code */
  createInvite(uses: number, lifeMs: number | undefined): Promise<string> {
    return this.client.ask("createInvite", uses, lifeMs);
  }

  listInvites(): Promise<InviteState[] | "failed"> {
    return this.client.ask("listInvites");
  }

  /** @param name the code or the id @returns whether it existed */
  revokeInvite(name: string): Promise<boolean | "failed"> {
    return this.client.ask("revokeInvite", name);
  }

  /** Writes to the audit log. */
  note(entry: AuditEntry): void {
    this.client.post("note", [entry]);
  }

  /** Resolves once everything that was asked before has been tried, lazy operations included. */
  async flush(): Promise<void> {
    await this.client.ask("flush");
  }

  /**
   * Writes what is pending, and closes the database. Operations that are asked from now on fail.
   * @returns false if that did not end in time; then the files are released only when the process ends
   */
  async close(deadlineMs: number): Promise<boolean> {
    this.client.sendNow();
    const closed = await this.#parts.end(deadlineMs);
    this.client.lose();
    return closed;
  }
}
