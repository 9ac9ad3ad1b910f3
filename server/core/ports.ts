// What the core needs from the world. Adapters in net/ and storage/ implement these ports; tests and simulations implement
// them in memory. Nothing below core/ is named here, and core/ reaches a clock, a socket, a disk or random numbers in no
// other way.

import type { Frame } from "../../protocol/wire/frame.ts";
import type { AccountId, MessageId, UserKey, UserName } from "../../protocol/ids.ts";
import type { Log, LogFields, TimeSource } from "../../protocol/ports.ts";
import type { DeliveryOutcome, Reference } from "../../protocol/wire/messages.ts";

export type Clock = TimeSource;
export type { Log, LogFields };

/** One connection, as the core sees it. Nothing here calls back before it has returned. */
export interface Link {
  /** The peer's IP address. */
  readonly address: string;
  /** The pin of the key that the peer proved to hold when it connected; undefined if it showed none. */
  readonly peerKey: string | undefined;
  /** Whether it is encrypted (TLS). */
  readonly secure: boolean;
  /** Bytes that were sent and that the system has not taken yet: they pile up here if the peer does not read. */
  readonly unsentBytes: number;
  /**
   * Sends one encoded line, in one write with all others of this turn.
   * @returns the mark that `LinkEvents.taken` reports once the system took the line; marks grow with each line
   */
  send(line: string): number;
  /** No frame is handed out until `resume`. */
  pause(): void;
  resume(): void;
  /**
   * Whether somebody is signed in on it. If so, lines of authenticated length are accepted from the next frame on [P-1.3],
   * and the limits of an address no longer count it [P-8.5].
   */
  setTrusted(trusted: boolean): void;
  /** Ends the connection once everything that was sent has left. */
  close(): void;
}

/** What the core is told about a connection. */
export interface LinkEvents {
  frame(frame: Frame): void;
  /**
   * How many lines, empty ones included, and bytes were read since the last call. Called once per chunk, before its first
   * frame, so that the receiver may pause the link [P-8.6].
   */
  read(lines: number, bytes: number): void;
  /** Every line up to that mark has left this process. */
  taken(mark: number): void;
  /** The peer sends nothing more, and may still read. */
  ended(): void;
  /** Nothing follows. */
  closed(): void;
}

/** One push to a client that keeps no link open [P-6]: connect, send the line, read the one answer. */
export interface Dialler {
  /** @param done called once, later, within the deadline; `undefined` if nothing came back */
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
  /** Never reused, not even for a later account of the same name. */
  readonly id: number;
  /** The id for clients, sent with the name so that they notice when a name has a new owner [P-3.7]. */
  readonly publicId: AccountId;
  readonly name: UserName;
  readonly key: UserKey;
}

/** What an account is created from. */
export interface NewAccount {
  readonly name: UserName;
  readonly key: UserKey;
  /** How the name looks, `skeletonOf`: two accounts may not share one [P-3.1]. */
  readonly skeleton: string;
  /** PHC string. */
  readonly password: string;
}

/** Whether a write is on disk; the adapter has logged a `failed` one, which changed nothing. */
export type Written = "written" | "failed";

/** Reads are from memory, as cheap as a Map. */
/**
 * `too_many`: open invitations. `too_many_uses`: accounts that these are good for. `waitMs`: too much was made lately, and
 * this one can be made after so much running time.
 */
export type MemberInvite = { readonly code: string } | { readonly waitMs: number } | "too_many" | "too_many_uses";

export interface Accounts {
  /** @param name any spelling of it [P-3.1] */
  find(name: string): Account | undefined;
  get(id: number): Account | undefined;
  /** The account whose name looks like that: one of its `skeletonsOf`, of which there are two if capitals deceive. */
  lookAlike(skeleton: string): Account | undefined;
  /** The PHC string of its password. */
  passwordOf(account: Account): string;
  /**
   * A PHC string that some account has: checking an unknown name costs as much. Always the same for the same `seed`, the
   * key of that name, by a hash with a secret that outlives the process; a changing cost would reveal that nobody has the
   * name.
   */
  anyPassword(seed: string): string | undefined;
  /** Whether an account may be made with that invitation now; `create` decides. */
  isInvited(invite: string): Promise<boolean>;
  /** @param invite is used once, in the same commit */
  create(account: NewAccount, invite?: string): Promise<Written | "taken" | "looks_alike" | "bad_invite">;
  /** An invitation that a member makes; it ends with their account. */
  invite(account: Account, uses: number, lifeMs: number): Promise<MemberInvite | "failed">;
  /** The same password in another PHC string, if `before` is still the one it has; written when it can be. */
  rehash(account: Account, before: string, password: string): void;
  /** In the order of the keys: those that begin with `prefix` and come after `after`. */
  list(prefix: string, after: string): Iterable<Account>;
}

export interface Blocks {
  /** Hot path. */
  has(owner: number, target: number): boolean;
  /** Whether anyone blocks that account. */
  isBlocked(target: number): boolean;
  /** In the order of the keys, after that key. */
  of(owner: number, after?: string): Iterable<Account>;
  put(owner: number, target: number): Promise<Written>;
  remove(owner: number, target: number): Promise<Written>;
}

/** What a token opens again after the link, the session or the server is gone. */
export interface Grant {
  readonly account: number;
  readonly address: string;
  readonly port: number | undefined;
  readonly device: string | undefined;
  readonly presence: boolean;
  readonly acks: boolean;
  /** Wants the delivery outcomes of its queued messages [P-5.7]. */
  readonly outcomes: boolean;
  /** It was opened in plain JSON and proved no key: only then may its port be called in plain JSON [P-6]. */
  readonly plain: boolean;
}

export type OwnState = "available" | "away" | "dnd";

/** A person's presence, as they set it. */
export interface OwnPresence {
  readonly state: OwnState;
  readonly text: string | undefined;
}

/** A session that was present when the server ended a moment ago: its client is expected back [P-3.6]. */
export interface EarlierSession extends OwnPresence {
  readonly hash: string;
  readonly grant: Grant;
}

/** At most one token per account; a new one ends the previous one. `hash` identifies a token without revealing it. */
export interface Tokens {
  find(token: string): { readonly hash: string; readonly grant: Grant } | undefined;
  /** The grant of the account's token: where it signed in last. */
  of(account: number): Grant | undefined;
  /**
   * @param password the PHC string against which the password was checked
   * @returns `failed` also if the account was removed, or has another password by now
   */
  issue(grant: Grant, password?: string): Promise<{ readonly token: string; readonly hash: string } | "failed">;
  /** The same token opens this grant from now on; written when possible. */
  renew(hash: string, grant: Grant): void;
  /** The token was used today [P-3.4]; written when possible. */
  touch(hash: string): void;
  revoke(hash: string): Promise<Written>;
  /** Its session is present, with that presence; undefined: it ended. Written when possible. */
  present(hash: string, presence: OwnPresence | undefined): void;
  /** The sessions that were present when the server ended, if that was less than a minute ago. Asked once, at the start. */
  earlier(): Iterable<EarlierSession>;
}

/** The keys with which a person signed in before [P-1.9]: the limit on guesses does not apply to them [P-8.8]. */
export interface Devices {
  knows(account: number, key: string): boolean;
  /** Written when possible. If there are too many, the oldest is dropped. */
  remember(account: number, key: string): void;
}

export interface Passwords {
  /**
   * @param turn the queue that it waits in, so that nobody waits behind the many of others. @returns undefined if too many
   * wait
   */
  hash(password: string, turn: PasswordTurn): Promise<string | undefined>;
  /** @returns `outdated` if it is right, but stored at a lower cost than passwords are now */
  check(
    password: string,
    stored: string | undefined,
    turn: PasswordTurn,
  ): Promise<"right" | "outdated" | "wrong" | "busy">;
}

/** The queue in which a piece of password work waits [P-8.7]. */
export interface PasswordTurn {
  /**
   * In order of priority. `known`: of a person at a place, or with a device, where they signed in before. `unknown`:
   * everyone else who signs in, whether or not somebody has that name, so that the wait reveals nothing. `new`: an account
   * is made.
   */
  readonly kind: "known" | "unknown" | "new";
  /** The address group it comes from. */
  readonly group: string;
  /** Whether the client has left: work that still waits is then skipped, and counts as `busy`. */
  readonly gone?: () => boolean;
}

/** A message on its way to one recipient. */
export interface QueuedMessage {
  readonly from: UserName;
  /** The account of `from`; a later account of that name is somebody else. 0: it is gone. */
  readonly sender: number;
  /** `Account.publicId` of the sender. */
  readonly senderId: AccountId;
  readonly mid: MessageId;
  /** Milliseconds since 1970, by the sender's clock. */
  readonly ts: number;
  readonly msg: string;
  /** What it does to an earlier message; passed on unchanged [P-4.15]. */
  readonly ref?: Reference;
  /** Its sender wants the delivery outcome [P-5.7]. */
  readonly reported?: boolean;
}
export interface StoredLetter extends QueuedMessage {
  /** Grows with every message of the mailbox. */
  readonly seq: number;
}

/** The result of an append. `known`: (sender, mid) was already there, with that `seq`. */
export type Appended =
  | { readonly kind: "stored" | "known"; readonly seq: number }
  /** The mailbox is full, or one sender's share of it [P-5.3]. */
  | { readonly kind: "full" | "share_full" }
  /** Nothing can be written now, or the account is gone. */
  | { readonly kind: "failed" };

export interface ReadBounds {
  readonly messages: number;
  /** Of `msg` in UTF-8. */
  readonly bytes: number;
}

/**
 * Messages for recipients who could not take them at once [P-5.2, P-5.3]. Every `done` is called exactly once, never before
 * the call has returned; those of one account in the order of the calls.
 */
export interface Mailbox {
  /** False: it is certainly empty, and nothing is being appended. From memory. */
  mayHold(account: number): boolean;
  /** Commits the message behind those before it. */
  append(account: number, letter: QueuedMessage, done: (appended: Appended) => void): void;
  /**
   * The oldest messages after `afterSeq` that were not removed: at least one, then as many as fit the bounds. `failed` if
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
  /** Its recipient has it, so it is not read again; written when possible. */
  remove(account: number, seq: number): void;
}

/** The delivery outcome of a queued message, for its sender [P-5.7]. */
export interface Outcome {
  /** Grows with every outcome of the account. */
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
  /** The sender has heard of everything up to that one; written when possible. */
  remove(account: number, uptoSeq: number): void;
  /** @param listener receives accounts with a new outcome; called once, at the start */
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
