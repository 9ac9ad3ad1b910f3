// Which account's history is open: that of whoever is signed in, or was last; reading it needs no session. Opening may take
// seconds (an update, a merge), in which the one before stays open. A damaged file is set aside and a new one begun, and
// that is said.

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
  /** The same user at the same server, under whatever address. */
  readonly isSame: (one: Account, other: Account) => boolean;
  /** Something a person has to know. */
  readonly announce: (text: string) => void;
  /** It is open from now on. */
  readonly onOpened: (opened: OpenedHistory) => void;
  /** It is given back by everybody else when this has settled. */
  readonly onClosing: () => Promise<void>;
}

export interface OpenHow {
  /** The file is known to be damaged. */
  readonly damaged?: boolean;
  /** Called before something that takes seconds. */
  readonly onSlow?: () => void;
  /** Called when it is certain that another account's history is left. */
  readonly onLeaving?: () => void;
}

export class AccountHistory {
  readonly #options: AccountHistoryOptions;
  #account: Account | undefined;
  #opened: OpenedHistory | undefined;
  /** While none is open that will be. */
  #opening: Promise<unknown> | undefined;
  #disposed = false;

  constructor(options: AccountHistoryOptions) {
    this.#options = options;
  }

  /** Whose history is open, or was. */
  get account(): Account | undefined {
    return this.#account;
  }

  get present(): OpenedHistory | undefined {
    return this.#opened;
  }

  /** The one that is open, or is about to be. */
  async opened(): Promise<OpenedHistory | undefined> {
    while (!this.#opened && this.#opening) await this.#opening.catch(() => undefined);
    return this.#opened;
  }

  isOpenFor(account: Account): boolean {
    const { engine } = this.#options;
    return this.#account !== undefined && sameAccount(this.#account, account) && engine.history?.isOpen === true;
  }

  /** @throws if it cannot be opened; then the one of before is still open, if that was another account's */
  async open(account: Account, how: OpenHow = {}): Promise<void> {
    await this.#during(() => this.#open(account, how));
  }

  /** Stores what waits, and closes the file. What it said stays on the screen until another one is open. */
  async close(): Promise<void> {
    const { engine, onClosing } = this.#options;
    engine.flush();
    engine.closeHistory();
    if (!this.#opened) return;
    this.#opened = undefined;
    await onClosing();
  }

  /** As `close`, for good. */
  dispose(): void {
    this.#disposed = true;
    // Nobody waits for what other threads do: the process ends them.
    void this.close();
  }

  /**
   * Closes the history, does something with its file, and opens it again.
   * @throws what the work throws, after opening it again; or what opening throws
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
    // It may be the same file once more, and nobody else may have it open then.
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

  /** @param isFirst whether it is said if it fails @returns whether there is a history again, or none to replace */
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
