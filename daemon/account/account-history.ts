// Which account's history is open: that of the account that is signed in, or was last; reading it needs no session. Opening
// may take seconds (a migration, a merge). The previous history stays open until then. A damaged file is set aside, a new
// one is created, and the person is told.

import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { sameAccount } from "../../protocol/api/model.ts";
import type { Account } from "../../protocol/api/model.ts";
import type { OpenedHistory, OpenHistory } from "../history/open/open-history-file.ts";
import { storageTrouble } from "../history/open/storage-errors.ts";
import type { Engine } from "../engine/engine.ts";

export interface AccountHistoryOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
  readonly openHistory: OpenHistory;
  /** Whether both are the same user at the same server, possibly under different addresses. */
  readonly isSame: (one: Account, other: Account) => boolean;
  /** Tells the person something they have to know. */
  readonly announce: (text: string) => void;
  /** Called when the history has been opened. */
  readonly onOpened: (opened: OpenedHistory) => void;
  /** Called when the history is closing. Resolves once every other user of it has released it. */
  readonly onClosing: () => Promise<void>;
}

export interface OpenHow {
  /** Whether the file is known to be damaged. */
  readonly damaged?: boolean;
  /** Called before work that takes seconds. */
  readonly onSlow?: () => void;
  /** Called once it is certain that the history of another account is left. */
  readonly onLeaving?: () => void;
}

export class AccountHistory {
  readonly #options: AccountHistoryOptions;
  #account: Account | undefined;
  #opened: OpenedHistory | undefined;
  /** Set while a history is being opened and none is open. */
  #opening: Promise<unknown> | undefined;
  #disposed = false;

  constructor(options: AccountHistoryOptions) {
    this.#options = options;
  }

  /** The account whose history is open, or was last. */
  get account(): Account | undefined {
    return this.#account;
  }

  get present(): OpenedHistory | undefined {
    return this.#opened;
  }

  /** Returns the history that is open, or waits for the one that is being opened. */
  async opened(): Promise<OpenedHistory | undefined> {
    while (!this.#opened && this.#opening) await this.#opening.catch(() => undefined);
    return this.#opened;
  }

  isOpenFor(account: Account): boolean {
    const { engine } = this.#options;
    return this.#account !== undefined && sameAccount(this.#account, account) && engine.history?.isOpen === true;
  }

  /**
   * Opens the history of an account. @throws if that fails; the previous history then stays open if it belongs to another
   * account
   */
  async open(account: Account, how: OpenHow = {}): Promise<void> {
    await this.#during(() => this.#open(account, how));
  }

  /** Writes pending data and closes the file. The screen keeps its content until another history is open. */
  async close(): Promise<void> {
    const { engine, onClosing } = this.#options;
    engine.flush();
    engine.closeHistory();
    if (!this.#opened) return;
    this.#opened = undefined;
    await onClosing();
  }

  /** Closes the history for good. */
  dispose(): void {
    this.#disposed = true;
    // Work in other threads is not awaited, because it ends with the process.
    void this.close();
  }

  /**
   * Closes the history, does something with its file, and opens it again.
   * @throws what `work` throws, after opening again; or the error of opening
   */
  async rework<T>(account: Account, work: () => Promise<T>): Promise<T> {
    return await this.#during(async () => {
      await this.close();
      try {
        return await work();
      } finally {
        await this.#open(account, {});
      }
    });
  }

  async #during<T>(work: () => Promise<T>): Promise<T> {
    const opening = work();
    this.#opening = opening;
    try {
      return await opening;
    } finally {
      if (this.#opening === opening) this.#opening = undefined;
    }
  }

  async #open(account: Account, { damaged = false, onSlow, onLeaving }: OpenHow): Promise<void> {
    const { engine, clock, openHistory, isSame, onOpened, onClosing } = this.#options;
    // It may be the same file, which must not be open twice.
    if (this.#account && isSame(this.#account, account)) await this.close();
    const opened = await openHistory({ account, nowMs: clock.nowMs(), damaged, ...(onSlow && { onSlow }) });
    if (this.#disposed) {
      opened.history.dispose();
      throw new Error("The daemon is ending. Try again.");
    }
    engine.flush();
    onLeaving?.();
    const before = this.#opened;
    engine.open(account, opened.history, opened.loaded);
    this.#account = account;
    this.#opened = opened;
    if (before) await onClosing();
    onOpened(opened);
    this.#say(account, opened);
  }

  /**
   * Replaces a damaged history. @param isFirst whether the person is told if it fails @returns whether a history is open
   * again, or there was none to replace
   */
  async replaceDamaged(isFirst: boolean): Promise<boolean> {
    const account = this.#account;
    if (!account) return true;
    this.#opened?.history.distrust();
    try {
      await this.open(account, { damaged: true });
      return true;
    } catch (error) {
      const why = storageTrouble(error);
      this.#options.log.error("damaged history not replaced", { why });
      if (isFirst) {
        const what = `The message history of ${account.user} on this machine is damaged, and no new one could be begun.`;
        this.#options.announce(`${what} ${why} It is tried again every minute.`);
      }
      return false;
    }
  }

  #say({ user }: Account, { setAside, unmerged }: OpenedHistory): void {
    const { log, announce } = this.#options;
    for (const { folder, why } of unmerged) log.warn("histories not merged", { folder, why });
    if (!setAside) return;
    log.error("history set aside", { file: setAside.path, unsent: setAside.unsent });
    const { unsent } = setAside;
    const begun = `The message history of ${user} on this machine was damaged. It was set aside as ${setAside.path}; a new one was begun.`;
    const rest = `What was not sent yet is in the new one and is sent from there: ${unsent === 1 ? "1 message" : `${unsent} messages`}.`;
    announce(unsent === 0 ? begun : `${begun} ${rest}`);
  }
}
