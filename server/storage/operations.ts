// The messages between the main thread and the storage thread: what can be asked for, and what comes back. Everything here
// is data that can be copied between threads.

import type { LogLevel } from "../../base/log.ts";
import type { MessageId } from "../../protocol/ids.ts";
import type {
  Account,
  Grant,
  QueuedMessage,
  LogFields,
  MemberInvite,
  NewAccount,
  Outcome,
  OwnPresence,
  ReadBounds,
  StoredLetter,
} from "../core/ports.ts";

/** How an account is made, for the audit log. */
export type Origin = "registration" | "invitation" | "admin";

export interface InviteState {
  /** Identifies the invitation without revealing its code. */
  readonly id: string;
  readonly uses: number;
  readonly used: number;
  /** Remaining validity in milliseconds of running time; undefined: until it is revoked. */
  readonly leftMs: number | undefined;
  /** The name of the member who made it; undefined: an operator. */
  readonly by: string | undefined;
}

/** One line of the audit log, without its time. Has no secrets. */
export type AuditEntry = Readonly<Record<string, string | number>> & { readonly event: string };

/** An account as it is first written: with the id by which clients know it. */
export type AccountToCreate = NewAccount & Pick<Account, "publicId">;

/** A queued message without the names of its fields: copied between threads in half the time. */
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

/** `Appended` as a number: the seq of a stored message, the negative seq of a known one; or why it was not stored. */
export type AppendedCode = number | "full" | "share_full" | "failed";

/** What can be asked of the database. The engine implements each; `operationKinds` says how it is treated. */
export interface Operations {
  append(account: number, letter: LetterTuple): AppendedCode;
  /** `sender` is returned even if that account is gone by now. */
  read(account: number, afterSeq: number, bounds: ReadBounds): StoredLetter[];
  holds(account: number, sender: number, mid: MessageId): boolean;
  remove(account: number, seq: number): void;
  readOutcomes(account: number, afterSeq: number, count: number): Outcome[];
  removeOutcomes(account: number, uptoSeq: number): void;

  /** @returns the id of the account */
  createAccount(account: AccountToCreate, origin: Origin, invite?: string): number | CreateRefusal;
  /** @returns whether the password was still `before` */
  rehash(account: number, before: string, password: string): boolean;
  /** Ends the account's token, and forgets its devices. @returns false if there is no such account */
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
  /** @param lifeMs validity in milliseconds of running time @returns the code, which is shown only this once */
  createInvite(uses: number, lifeMs: number | undefined): string;
  /** One that a member makes. */
  createMemberInvite(account: number, uses: number, lifeMs: number, bounds: InviteBounds): MemberInvite;
  listInvites(): InviteState[];
  /** @param name the code or the id @returns whether it existed */
  revokeInvite(name: string): boolean;

  /** Writes to the audit log. */
  note(entry: AuditEntry): void;
  /** Answered once everything before it has been tried. */
  flush(): void;
  /** Answered as soon as the thread gets to it. */
  ping(): void;
  /** Records that no session is present. */
  allAway(): void;
  /** Records how long the server has run, and that sessions are present now. */
  keepTime(): void;
  /** Drops some of the expired entries. @returns whether there may be more */
  expire(): boolean;
}

/** What one member may have and make. */
export interface InviteBounds {
  /** Open invitations. */
  readonly maxOpen: number;
  /** Accounts that these are still good for. */
  readonly maxOpenUses: number;
  /** Accounts for which they were made within the last `windowMs` of running time. */
  readonly maxNewUses: number;
  readonly windowMs: number;
}
export type CreateRefusal = "taken" | "looks_alike" | "bad_invite";
export type OperationName = keyof Operations;
export type Parameter<N extends OperationName> = Parameters<Operations[N]>;
/** `failed`: nothing was changed. */
export type Result<N extends OperationName> = ReturnType<Operations[N]> | "failed";
export type Operation = { [N in OperationName]: readonly [N, ...Parameter<N>] }[OperationName];

/**
 * `read` changes nothing. `eager`: a caller waits; the change is on disk when its result comes, or has failed. `lazy`: no
 * caller waits; it is retried until it succeeds.
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

/** For these, the first parameter is an account, and results of one account come in the order of the calls. */
export const orderedByAccount: ReadonlySet<OperationName> = new Set([
  "append",
  "read",
  "holds",
  "readOutcomes",
] satisfies OperationName[]);

/** Operations of one turn of the event loop. */
export interface Request {
  /** Parallel to `operations`; 0: no caller waits for the result. Other ids are never reused. */
  readonly ids: readonly number[];
  readonly operations: readonly Operation[];
}

/** Figures that are known without a query. */
export interface Figures {
  /** The last write failed, or there is no room for another message. */
  readonly failing: boolean;
  readonly letters: number;
  readonly letterBytes: number;
  readonly databaseBytes: number;
  readonly walBytes: number;
  /** The unused part of `databaseBytes`. */
  readonly freeBytes: number;
}

/** What happened besides the results. */
export interface Changes {
  /** Accounts whose mailbox is empty now. */
  readonly emptied: readonly number[];
  /** Accounts with a new delivery outcome. */
  readonly outcomes: readonly number[];
  /** Hashes of tokens that expired because nobody used them. */
  readonly endedTokens: readonly string[];
}

export interface Reply {
  readonly ids: readonly number[];
  /** Parallel to `ids`. */
  readonly results: readonly unknown[];
  readonly changes: Changes;
  readonly figures: Figures;
  readonly log: readonly LogLine[];
  /** Duration of each transaction, in milliseconds. */
  readonly commitsMs: readonly number[];
}

export type LogLine = readonly [level: LogLevel, event: string, fields: LogFields | undefined];

/** What the server loads into memory at the start, in pieces. */
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
  /** The result of `NameRules.skeletonsOf` for its name. */
  readonly skeletons: readonly string[];
  readonly password: string;
}

export interface LoadedToken {
  readonly hash: string;
  readonly grant: Grant;
  readonly usedMs: number;
  /** Set if its session was present when the server ended a moment ago. */
  readonly presence: OwnPresence | undefined;
}
