// What the core needs from the world. Adapters in net/ and storage/ implement these; tests and simulations implement them
// in memory. Nothing below core/ is named here, and nothing in core/ reads a clock, a socket, a disk or chance otherwise.

import type { Frame } from "../../protocol/wire/frame.ts";
import type { AccountId, MessageId, UserKey, UserName } from "../../protocol/ids.ts";
import type { Log, LogFields, TimeSource } from "../../protocol/ports.ts";
import type { DeliveryOutcome, Reference } from "../../protocol/wire/messages.ts";

export type Clock = TimeSource;
export type { Log, LogFields };

/** One connection, as the core sees it. Nothing here calls back before it returned. */
export interface Link {
  /** The peer's IP address. */
  readonly address: string;
  /** The pin of the key that the peer proved to hold when it connected; undefined if it showed none. */
  readonly peerKey: string | undefined;
  /** It is encrypted (TLS). */
  readonly secure: boolean;
  /** Bytes that were sent and that the system has not taken yet: a peer that does not read leaves them here. */
  readonly unsentBytes: number;
  /**
   * Sends one encoded line, with all others of this turn in one write.
   * @returns the mark that `LinkEvents.taken` reports once the system took the line; marks grow by line
   */
  send(line: string): number;
  /** No frame is handed out until `resume`. */
  pause(): void;
  resume(): void;
  /**
   * Somebody signed in on it, or left again: lines of authenticated length are accepted from the next frame on [P-1.3], and
   * the limits of an address count it no more [P-8.5].
   */
  setTrusted(trusted: boolean): void;
  /** Ends the connection after everything that was sent has left. */
  close(): void;
}

/** What the core is told of a connection. */
export interface LinkEvents {
  frame(frame: Frame): void;
  /**
   * What was read since the last call, empty lines included, in lines and bytes. Called once for each chunk, before its
   * first frame: whoever counts may pause the link [P-8.6].
   */
  read(lines: number, bytes: number): void;
  /** Every line up to that mark left this process. */
  taken(mark: number): void;
  /** The peer sends nothing more, and may still read. */
  ended(): void;
  /** Nothing follows. */
  closed(): void;
}

/** One push to a client that left no link open [P-6]: connect, send the line, read the one answer. */
export interface Dialler {
  /** @param done called once, later, within the deadline; `undefined` where nothing came back */
  dial(call: DialCall, done: (result: DialResult) => void): void;
}
export interface DialCall {
  readonly address: string;
  readonly port: number;
  readonly line: string;
  readonly deadlineMs: number;
}
export interface DialResult {
  /** The system took the bytes of the line on an open connection. */
  readonly taken: boolean;
  readonly answer: Readonly<Record<string, unknown>> | undefined;
}

export interface Account {
  /** Never given twice, also not to a later account of the same name. */
  readonly id: number;
  /** The same for clients: told beside the name, so that they notice when a name has another owner [P-3.7]. */
  readonly publicId: AccountId;
  readonly name: UserName;
  readonly key: UserKey;
}

/** What an account is made of. */
export interface NewAccount {
  readonly name: UserName;
  readonly key: UserKey;
  /** The name as the eye sees it, `skeletonOf`: two accounts may not share one [P-3.1]. */
  readonly skeleton: string;
  /** PHC string. */
  readonly password: string;
}

/** Whether a write is on disk; `failed` was logged by the adapter, and nothing of it happened. */
export type Written = "written" | "failed";

/** Reads are from memory, as cheap as a Map. */
export interface Accounts {
  /** @param name any spelling of it [P-3.1] */
  find(name: string): Account | undefined;
  get(id: number): Account | undefined;
  /** The account whose name looks like that: it is one of its `skeletonsOf`, which are two where capitals deceive. */
  lookAlike(skeleton: string): Account | undefined;
  /** The PHC string of its password. */
  passwordOf(account: Account): string;
  /**
   * A PHC string that some account has: what an unknown name costs to check. The same each time for the same `seed`, the key
   * of that name, by a hash with a secret that outlives the process: a cost that changes would tell that nobody has it.
   */
  anyPassword(seed: string): string | undefined;
  /** Whether an account may be made with that invitation now; `create` has the last word. */
  isInvited(invite: string): Promise<boolean>;
  /** @param invite is used once by it, in the same commit */
  create(account: NewAccount, invite?: string): Promise<Written | "taken" | "looks_alike" | "bad_invite">;
  /** The same password in another PHC string, if `before` is still the one it has; written when it can be. */
  rehash(account: Account, before: string, password: string): void;
  /** In the order of the keys: those that begin with `prefix` and come after `after`. */
  list(prefix: string, after: string): Iterable<Account>;
}

export interface Blocks {
  /** Hot path. */
  has(owner: number, target: number): boolean;
  /** Whether anybody blocks that account. */
  isBlocked(target: number): boolean;
  /** In the order of the keys, after that key. */
  of(owner: number, after?: string): Iterable<Account>;
  put(owner: number, target: number): Promise<Written>;
  remove(owner: number, target: number): Promise<Written>;
}

/** What a token opens again, after the link, the session or the server went away. */
export interface Grant {
  readonly account: number;
  readonly address: string;
  readonly port: number | undefined;
  readonly device: string | undefined;
  readonly presence: boolean;
  readonly acks: boolean;
  /** Wants to hear what became of its queued messages [P-5.7]. */
  readonly outcomes: boolean;
  /** It was opened in plain JSON and proved no key: only then its port may be called in plain JSON [P-6]. */
  readonly plain: boolean;
}

export type OwnState = "available" | "away" | "dnd";

/** How a person is, as they said. */
export interface OwnPresence {
  readonly state: OwnState;
  readonly text: string | undefined;
}

/** A session that was there when the server ended a moment ago: its client is on its way back [P-3.6]. */
export interface EarlierSession extends OwnPresence {
  readonly hash: string;
  readonly grant: Grant;
}

/** At most one token an account; a new one ends the one before. `hash` names a token without being one. */
export interface Tokens {
  find(token: string): { readonly hash: string; readonly grant: Grant } | undefined;
  /** The grant of the account's token: where it signed in last. */
  of(account: number): Grant | undefined;
  /**
   * @param password the PHC string that it was asked for with
   * @returns `failed` too when the account was removed, or has another password by now
   */
  issue(grant: Grant, password?: string): Promise<{ readonly token: string; readonly hash: string } | "failed">;
  /** The same token now opens this; written when it can be. */
  renew(hash: string, grant: Grant): void;
  /** It was used today [P-3.4]; written when it can be. */
  touch(hash: string): void;
  revoke(hash: string): Promise<Written>;
  /** Its session is there, and how its person is; undefined: it ended. Written when it can be. */
  present(hash: string, presence: OwnPresence | undefined): void;
  /** The sessions that were there when the server ended, if that was less than a minute ago. Asked once, at the start. */
  earlier(): Iterable<EarlierSession>;
}

/** The keys with which a person signed in before [P-1.9]: a lock against guessing does not hold for them [P-8.8]. */
export interface Devices {
  knows(account: number, key: string): boolean;
  /** Written when it can be. The oldest of too many is forgotten. */
  remember(account: number, key: string): void;
}

export interface Passwords {
  /** @param turn whose it is, so that nobody waits behind the many of another. @returns undefined when too many wait */
  hash(password: string, turn: PasswordTurn): Promise<string | undefined>;
  /** @returns `outdated` when it is right, and stored more cheaply than passwords are now */
  check(
    password: string,
    stored: string | undefined,
    turn: PasswordTurn,
  ): Promise<"right" | "outdated" | "wrong" | "busy">;
}

/** Where a piece of password work waits [P-8.7]. */
export interface PasswordTurn {
  /**
   * `known`: of a person at a place, or with a device, where they signed in before. `unknown`: everybody else who signs in,
   * whether or not somebody has that name, so that the wait does not tell. `new`: an account is made. In that order.
   */
  readonly kind: "known" | "unknown" | "new";
  /** The address group it comes from. */
  readonly group: string;
  /** Whether who asked has left: work that still waits is not done then, and counts as `busy`. */
  readonly gone?: () => boolean;
}

/** A message on its way to one recipient. */
export interface QueuedMessage {
  readonly from: UserName;
  /** The account of `from`: a later one of that name is somebody else. 0: it is gone. */
  readonly sender: number;
  /** `Account.publicId` of the sender. */
  readonly senderId: AccountId;
  readonly mid: MessageId;
  /** Milliseconds since 1970, the sender's clock. */
  readonly ts: number;
  readonly msg: string;
  /** What it does to an earlier message; passed on as it came [P-4.15]. */
  readonly ref?: Reference;
  /** Its sender wants to hear what becomes of it [P-5.7]. */
  readonly reported?: boolean;
}
export interface StoredLetter extends QueuedMessage {
  /** Grows with every letter of the mailbox. */
  readonly seq: number;
}

/** What an append came to. `known`: (sender, mid) was there already, at that `seq`. */
export type Appended =
  | { readonly kind: "stored" | "known"; readonly seq: number }
  /** The mailbox, or what of it one sender may fill [P-5.3]. */
  | { readonly kind: "full" | "share_full" }
  /** Nothing can be written now, or the account is gone. */
  | { readonly kind: "failed" };

export interface ReadBounds {
  readonly messages: number;
  /** Of `msg` in UTF-8. */
  readonly bytes: number;
}

/**
 * The letters of those who could not take them at once [P-5.2, P-5.3]. Every `done` is called exactly once, never before the
 * call returned; those of one account in the order of the calls.
 */
export interface Mailbox {
  /** False: it is empty for sure, and nothing is on its way into it. From memory. */
  mayHold(account: number): boolean;
  /** Commits the letter behind those before it. */
  append(account: number, letter: QueuedMessage, done: (appended: Appended) => void): void;
  /**
   * The oldest letters after `afterSeq` that were not removed: one at least, then while they fit the bounds. `failed` when
   * the storage fails.
   */
  read(
    account: number,
    afterSeq: number,
    bounds: ReadBounds,
    done: (letters: readonly StoredLetter[] | "failed") => void,
  ): void;
  /** Whether (sender, mid) is there. */
  holds(account: number, sender: number, mid: MessageId, done: (holds: boolean | "failed") => void): void;
  /** Its recipient has it: it will not be read again; written when it can be. */
  remove(account: number, seq: number): void;
}

/** What became of a letter that was queued, for its sender [P-5.7]. */
export interface Outcome {
  /** Grows with every one of the account. */
  readonly seq: number;
  /** The recipient's name. */
  readonly to: UserName;
  readonly toId: AccountId;
  readonly mid: MessageId;
  readonly state: DeliveryOutcome;
}

export interface Outcomes {
  /** The oldest after `afterSeq`, at most `count`. `done` as in `Mailbox`. */
  read(account: number, afterSeq: number, count: number, done: (outcomes: readonly Outcome[] | "failed") => void): void;
  /** The sender has heard everything up to that one; written when it can be. */
  remove(account: number, uptoSeq: number): void;
  /** @param listener is told of accounts for which there is a new one; called once, at the start */
  watch(listener: (account: number) => void): void;
}

/** Ids that nobody chose: unique for ever. */
export interface Ids {
  messageId(): MessageId;
}

export interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly blocks: Blocks;
  readonly tokens: Tokens;
  readonly devices: Devices;
  readonly passwords: Passwords;
  readonly mailbox: Mailbox;
  readonly outcomes: Outcomes;
  readonly dialler: Dialler;
  readonly ids: Ids;
}
