// The language between the server's thread and the one that has the database: what can be asked for, and what comes back.
// Everything here is data that can be copied from thread to thread.

import type { LogLevel } from "../../base/log.ts";
import type { MessageId } from "../../protocol/ids.ts";
import type {
  Account,
  Grant,
  QueuedMessage,
  LogFields,
  NewAccount,
  Outcome,
  OwnPresence,
  ReadBounds,
  StoredLetter,
} from "../core/ports.ts";

/** By whom an account is made, for the audit log. */
export type Origin = "registration" | "invitation" | "admin";

export interface InviteState {
  /** Names it without being it. */
  readonly id: string;
  readonly uses: number;
  readonly used: number;
  /** How much longer it is good, in milliseconds that the server runs; undefined: until it is revoked. */
  readonly leftMs: number | undefined;
  /** The name of the member who made it; undefined: an operator. */
  readonly by: string | undefined;
}

/** One line of the audit log, without its time. No secrets. */
export type AuditEntry = Readonly<Record<string, string | number>> & { readonly event: string };

/** An account as a new one is written: with the id that clients know it by. */
export type AccountToCreate = NewAccount & Pick<Account, "publicId">;

/** A letter without the names of its fields: copied from thread to thread in half the time. */
export type LetterTuple = readonly [
  from: QueuedMessage["from"],
  sender: QueuedMessage["sender"],
  senderId: QueuedMessage["senderId"],
  mid: QueuedMessage["mid"],
  ts: QueuedMessage["ts"],
  msg: QueuedMessage["msg"],
  ref: QueuedMessage["ref"],
  reported: boolean,
];

/** As `Appended`: the seq of one that was stored, that of a known one below zero, or why it was not. */
export type AppendedCode = number | "full" | "share_full" | "failed";

/** What can be asked of the database. The engine implements each; `operationKinds` says how it is treated. */
export interface Operations {
  append(account: number, letter: LetterTuple): AppendedCode;
  /** `sender` is told even if that account is gone by now. */
  read(account: number, afterSeq: number, bounds: ReadBounds): StoredLetter[];
  holds(account: number, sender: number, mid: MessageId): boolean;
  remove(account: number, seq: number): void;
  readOutcomes(account: number, afterSeq: number, count: number): Outcome[];
  removeOutcomes(account: number, uptoSeq: number): void;

  /** @returns its id */
  createAccount(account: AccountToCreate, origin: Origin, invite?: string): number | CreateRefusal;
  /** @returns whether `before` was still its password */
  rehash(account: number, before: string, password: string): boolean;
  /** Ends its token, and forgets its devices. @returns false if there is no such account */
  changePassword(account: number, password: string): boolean;
  /** @returns false if there is no such account */
  removeAccount(account: number): boolean;
  block(owner: number, target: number): void;
  unblock(owner: number, target: number): void;

  /** @returns false if the account is gone, or has another password by now */
  issueToken(hash: string, grant: Grant, password?: string): boolean;
  renewToken(hash: string, grant: Grant): void;
  touchToken(hash: string): void;
  revokeToken(hash: string): void;
  present(hash: string, presence: OwnPresence | undefined): void;
  rememberDevice(account: number, key: string): void;

  isInvited(invite: string): boolean;
  /** @param lifeMs how long it is good, in milliseconds that the server runs @returns the code, which is told this once */
  createInvite(uses: number, lifeMs: number | undefined): string;
  /** One that a member makes. @param maxOpen that one may have at once */
  createMemberInvite(account: number, uses: number, lifeMs: number, maxOpen: number): MemberInvite;
  listInvites(): InviteState[];
  /** @param name the code or the id @returns whether there was one */
  revokeInvite(name: string): boolean;

  /** Writes to the audit log. */
  note(entry: AuditEntry): void;
  /** Answered when everything before it was tried. */
  flush(): void;
  /** Answered as soon as the thread gets to it. */
  ping(): void;
  /** No session is there. */
  allAway(): void;
  /** Writes down how long the server ran, and that sessions are there now. */
  keepTime(): void;
  /** Drops some of what is too old. @returns whether there may be more */
  expire(): boolean;
}

export type MemberInvite = { readonly code: string } | "too_many";
export type CreateRefusal = "taken" | "looks_alike" | "bad_invite";
export type OperationName = keyof Operations;
export type Parameter<N extends OperationName> = Parameters<Operations[N]>;
/** `failed`: nothing of it happened. */
export type Result<N extends OperationName> = ReturnType<Operations[N]> | "failed";
export type Operation = { [N in OperationName]: readonly [N, ...Parameter<N>] }[OperationName];

/**
 * `read` changes nothing. `eager`: somebody waits for it; it is on disk when its result comes, or has failed. `lazy`: nobody
 * waits; it is tried until it succeeds.
 */
export const operationKinds = {
  append: "eager",
  read: "read",
  holds: "read",
  remove: "lazy",
  readOutcomes: "read",
  removeOutcomes: "lazy",
  createAccount: "eager",
  rehash: "lazy",
  changePassword: "eager",
  removeAccount: "eager",
  block: "eager",
  unblock: "eager",
  issueToken: "eager",
  renewToken: "lazy",
  touchToken: "lazy",
  revokeToken: "eager",
  present: "lazy",
  rememberDevice: "lazy",
  isInvited: "read",
  createInvite: "eager",
  createMemberInvite: "eager",
  listInvites: "read",
  revokeInvite: "eager",
  note: "read",
  flush: "read",
  ping: "read",
  allAway: "lazy",
  keepTime: "lazy",
  expire: "lazy",
} as const satisfies Record<OperationName, "read" | "eager" | "lazy">;

/** Of these, the first parameter is an account, and results of one account come in the order of the calls. */
export const orderedByAccount: ReadonlySet<OperationName> = new Set([
  "append",
  "read",
  "holds",
  "readOutcomes",
] satisfies OperationName[]);

/** Some operations of one turn. */
export interface Request {
  /** Parallel to `operations`; 0: nobody waits for the result. Never used twice otherwise. */
  readonly ids: readonly number[];
  readonly operations: readonly Operation[];
}

/** Figures that are known without looking. */
export interface Figures {
  /** The last write could not be made, or there is no room for another message. */
  readonly failing: boolean;
  readonly letters: number;
  readonly letterBytes: number;
  readonly databaseBytes: number;
  readonly walBytes: number;
  /** Of `databaseBytes`, what holds nothing. */
  readonly freeBytes: number;
}

/** What happened besides the results. */
export interface Changes {
  /** Accounts whose mailbox is empty now. */
  readonly emptied: readonly number[];
  /** Accounts for which there is a new outcome. */
  readonly outcomes: readonly number[];
  /** Hashes of tokens that nobody used for too long. */
  readonly endedTokens: readonly string[];
}

export interface Reply {
  readonly ids: readonly number[];
  /** Parallel to `ids`. */
  readonly results: readonly unknown[];
  readonly changes: Changes;
  readonly figures: Figures;
  readonly log: readonly LogLine[];
  /** How long each transaction took, in milliseconds. */
  readonly commitsMs: readonly number[];
}

export type LogLine = readonly [level: LogLevel, event: string, fields: LogFields | undefined];

/** What the server's memory is filled with at the start, in pieces. */
export type Loaded =
  | { readonly kind: "accounts"; readonly accounts: readonly LoadedAccount[] }
  | { readonly kind: "blocks"; readonly blocks: readonly (readonly [owner: number, target: number])[] }
  | { readonly kind: "tokens"; readonly tokens: readonly LoadedToken[] }
  | { readonly kind: "devices"; readonly devices: readonly (readonly [account: number, key: string])[] }
  /** Accounts whose mailbox holds something. */
  | { readonly kind: "holders"; readonly accounts: readonly number[] }
  | { readonly kind: "state"; readonly runningMs: number; readonly secret: Uint8Array; readonly figures: Figures };

export interface LoadedAccount {
  readonly account: Account;
  /** As `NameRules.skeletonsOf` its name. */
  readonly skeletons: readonly string[];
  readonly password: string;
}

export interface LoadedToken {
  readonly hash: string;
  readonly grant: Grant;
  readonly usedMs: number;
  /** Its session was there when the server ended a moment ago. */
  readonly presence: OwnPresence | undefined;
}
