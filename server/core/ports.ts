// What the core needs from the world. Adapters in net/ and storage/ implement these; tests and simulations implement them
// in memory. Nothing below core/ is named here, and nothing in core/ reads a clock, a socket, a disk or chance otherwise.

import type { Frame } from "../../protocol/frame.ts";
import type { MessageId, UserKey, UserName } from "../../protocol/ids.ts";
import type { Reference } from "../../protocol/messages/talk.ts";

export interface Clock {
  /** Milliseconds since 1970; may jump. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never jumps. For every deadline. */
  monotonicMs(): number;
}

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One connection, as the core sees it. Nothing here calls back before it returned. */
export interface Link {
  /** The peer's IP address. */
  readonly address: string;
  /** The pin of the key that the peer proved to hold when it connected; undefined where it showed none. */
  readonly peerKey: string | undefined;
  /**
   * Sends one encoded line, with all others of this turn in one write.
   * @returns the mark that `LinkEvents.taken` reports once the system took the line; marks grow by line
   */
  send(line: string): number;
  /** No frame is handed out until `resume`. */
  pause(): void;
  resume(): void;
  /** Whether lines of authenticated length are accepted from the next frame on [P-1.3]. */
  setTrusted(trusted: boolean): void;
  /** Ends the connection after everything that was sent has left. */
  close(): void;
}

/** What the core is told of a connection. */
export interface LinkEvents {
  frame(frame: Frame): void;
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
  readonly name: UserName;
  readonly key: UserKey;
}

/** Whether a write is on disk; `failed` was logged by the adapter, and nothing of it happened. */
export type Written = "written" | "failed";

/** Reads are from memory, as cheap as a Map. */
export interface Accounts {
  /** Sees what another process wrote; cheap enough for every request. @returns whether there was something */
  refresh(): boolean;
  find(key: UserKey): Account | undefined;
  get(id: number): Account | undefined;
  /** The PHC string of its password. */
  passwordOf(account: Account): string;
  /** Whether an account may be made with that invitation now; `create` has the last word. */
  isInvited(invite: string): boolean;
  /** @param invite is used once by it, in the same commit */
  create(name: UserName, key: UserKey, password: string, invite?: string): Promise<Written | "taken" | "bad_invite">;
  /** The same password in another PHC string, if `before` is still the one it has; written when it can be. */
  rehash(account: Account, before: string, password: string): void;
  /** In the order of the keys: those that begin with `prefix` and come after `after`. */
  list(prefix: string, after: string): Iterable<Account>;
}

export interface Blocks {
  /** Hot path. */
  has(owner: number, target: number): boolean;
  of(owner: number): readonly Account[];
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
}

/** At most one token an account; a new one ends the one before. `hash` names a token without being one. */
export interface Tokens {
  find(token: string): { readonly hash: string; readonly grant: Grant } | undefined;
  /** False once it ended, by whomever. */
  isValid(hash: string): boolean;
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
}

export interface Passwords {
  /** The PHC string to store, or undefined when too many wait already. */
  hash(password: string): Promise<string | undefined>;
  /**
   * @param stored undefined for a name that nobody has: takes as long, and is never right
   * @returns `outdated` when it is right, and stored more cheaply than passwords are now
   */
  check(password: string, stored: string | undefined): Promise<"right" | "outdated" | "wrong" | "busy">;
}

/** A message on its way to one recipient. */
export interface Letter {
  readonly from: UserName;
  readonly mid: MessageId;
  /** Milliseconds since 1970, the sender's clock. */
  readonly ts: number;
  readonly msg: string;
  /** What it does to an earlier message; passed on as it came [P-4.15]. */
  readonly ref?: Reference;
}
export interface StoredLetter extends Letter {
  /** Grows with every letter of the mailbox. */
  readonly seq: number;
}

/** The letters of those who could not take them at once [P-5.2, P-5.3]. */
export interface Mailbox {
  /**
   * Commits the letter behind those before it; (from, mid) that is there already counts as committed.
   * @param receipt told once, not before this returned
   * @returns false when the mailbox is full; then the receipt hears nothing
   */
  append(account: number, letter: Letter, receipt: MailboxReceipt): boolean;
  /**
   * The oldest committed letters after `afterSeq` that were not removed: one at least, then while they fit the bounds.
   * @throws where the storage fails
   */
  read(account: number, afterSeq: number, bounds: { messages: number; bytes: number }): StoredLetter[];
  /** Whether (from, mid) is committed and was not removed. @throws where the storage fails */
  holds(account: number, from: UserName, mid: MessageId): boolean;
  /** It will not be read again; written when it can be. */
  remove(account: number, seq: number): void;
}
export interface MailboxReceipt {
  stored(written: Written): void;
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
  readonly passwords: Passwords;
  readonly mailbox: Mailbox;
  readonly dialler: Dialler;
  readonly ids: Ids;
}
