// The one account of the person: signing in and out, the link to its server, and its history. The stored token keeps the
// session across restarts of the daemon. If the session ends elsewhere, the person is told. The history stays open and
// readable after sign-out.

import type { Timer } from "../../base/clock.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Account, SessionState } from "../../protocol/api/model.ts";
import { sameAccount } from "../../protocol/api/model.ts";
import { createAccountLink } from "./account-link.ts";
import type { AccountOptions, SignInParams } from "./account-options.ts";
import { traceOf } from "../../base/error-message.ts";
import { AccountHistory } from "./account-history.ts";
import type { OpenedHistory } from "../history/open/open-history-file.ts";
import { isDamage, storageTrouble } from "../history/open/storage-errors.ts";
import { parseServerAddress, parseTarget } from "../connection/server-address.ts";
import type { ServerAddress } from "../connection/server-address.ts";
import { ServerLink } from "../connection/server-link.ts";
import type { SessionEnd } from "../connection/server-link.ts";
import { registerAt, signInAt } from "../connection/sign-in.ts";
import { StoredSessions } from "./stored-sessions.ts";
import { Mutex } from "../engine/mutex.ts";

/** Delay until the next attempt if a damaged history could not be replaced, for example on a full disk. */
const retryReplaceMs = 60_000;

type Entered = { readonly ok: true; readonly account: Account } | Failure;

/** A session that ended and may be renewed once, without a person. */
interface Renewable {
  readonly account: Account;
  /** The result of the renewal. */
  outcome?: Entered;
}

export class AccountSession {
  readonly #options: AccountOptions;
  readonly #sessions: StoredSessions;
  readonly #keeper: AccountHistory;
  #link: ServerLink | undefined;
  /** The account that is signed in, connected or not. */
  #account: Account | undefined;
  #renewable: Renewable | undefined;
  /** Serializes sign-ins, sign-outs and everything else that opens or closes the history. */
  readonly #mutex = new Mutex();
  /** The next attempt to replace a damaged history. */
  #replaceTimer: Timer | undefined;
  #disposed = false;

  constructor(options: AccountOptions) {
    const { identity, engine, clock, log, openHistory } = options;
    this.#options = options;
    this.#sessions = new StoredSessions({ identity, log, keyOf: (server) => options.keyOf(server) });
    this.#keeper = new AccountHistory({
      ...{ engine, clock, log, openHistory },
      isSame: (one, other) => this.#sessions.isSame(one, other),
      announce: (text) => options.announce(text),
      onOpened: (opened) => options.onOpened(opened),
      onClosing: () => options.onClosing(),
    });
  }

  /** The link of the current session, connected or not. */
  get link(): ServerLink | undefined {
    return this.#link;
  }

  /** Returns the history that can be read, now or in a moment. */
  async opened(): Promise<OpenedHistory | undefined> {
    return await this.#keeper.opened();
  }

  /** Resumes the session that the daemon had before it was restarted, or else opens the history alone. */
  async resume(): Promise<void> {
    await this.#mutex.runExclusive(() => this.#resume());
  }

  async #resume(): Promise<void> {
    const stored = this.#sessions.present();
    if (!stored) return;
    const { account, token } = stored;
    const address = parseServerAddress(account.server);
    if (token === undefined || typeof address === "string") {
      const { isNew, note } = this.#options.identity.own();
      this.#say({ state: "signedOut", account, ...(isNew && note !== undefined ? { reason: note } : {}) });
      await this.#openOnly(account);
      return;
    }
    const link = await this.#enter(account, address, token);
    if (link instanceof ServerLink) link.connect();
    else this.#say({ state: "signedOut", account, reason: link.reason });
  }

  /** Opens the history without a session. */
  async #openOnly(account: Account): Promise<void> {
    try {
      await this.#keeper.open(account);
    } catch (error) {
      this.#options.announce(storageTrouble(error));
    }
  }

  async signIn(params: SignInParams): Promise<Entered> {
    return await this.#mutex.runExclusive(() => (params.renewal === true ? this.#renew(params) : this.#signIn(params)));
  }

  /**
   * Signs in once for all windows. Several windows that keep the same password ask at once, and many wrong attempts would
   * throttle the account.
   */
  async #renew(params: SignInParams): Promise<Entered> {
    const target = parseTarget(params.server, params.pin);
    if (typeof target === "string") return failure("bad_request", target);
    const wanted = { user: params.user, server: target.address.text };
    if (this.#link && this.#account && this.#sessions.isSame(this.#account, wanted))
      return { ok: true, account: this.#account };
    const renewable = this.#renewable;
    if (!renewable || !this.#sessions.isSame(renewable.account, wanted))
      return failure("not_authenticated", "Sign in first.");
    renewable.outcome ??= await this.#signIn(params);
    return renewable.outcome;
  }

  async #signIn(params: SignInParams): Promise<Entered> {
    const { connector, client } = this.#options;
    const target = parseTarget(params.server, params.pin);
    if (typeof target === "string") return failure("bad_request", target);
    const { address, wanted } = target;
    const { user, password } = params;
    const found = await signInAt(connector, address, { user, password }, client, wanted);
    if (!found.ok) return failure(found.code, found.reason);
    const account: Account = { user: found.user, server: address.text };
    const link = await this.#enter(account, address, found.token);
    if (!(link instanceof ServerLink)) {
      found.link.close();
      return link;
    }
    this.#sessions.keep(account, found.token);
    link.adopt(found);
    return { ok: true, account };
  }

  async register(params: SignInParams & { readonly invite?: string }): Promise<{ readonly ok: true } | Failure> {
    const target = parseTarget(params.server, params.pin);
    if (typeof target === "string") return failure("bad_request", target);
    const { user: username, password, invite } = params;
    const entry = { username, password, ...(invite === undefined ? {} : { invite }) };
    return await registerAt(this.#options.connector, target.address, entry, target.wanted);
  }

  /** Signs out. Stored messages stay and can be read. */
  async signOut(): Promise<{ readonly ok: true }> {
    return await this.#mutex.runExclusive(async () => {
      const account = this.#account ?? this.#keeper.account;
      const link = this.#link;
      this.#link = undefined;
      this.#account = undefined;
      this.#renewable = undefined;
      this.#sessions.forget();
      this.#options.onLeft();
      this.#say({ state: "signedOut", ...(account ? { account } : {}) });
      await link?.logout();
      return { ok: true };
    });
  }

  /** Returns all known accounts, the current one first. `signedIn`: switching to it needs no password. */
  accounts(): ReturnType<StoredSessions["accounts"]> {
    return this.#sessions.accounts();
  }

  /**
   * Switches to another account. The previous session stays open at its server until it expires; its messages wait there.
   */
  async switchTo(wanted: Account): Promise<Entered> {
    return await this.#mutex.runExclusive(() => this.#switch(wanted));
  }

  async #switch(wanted: Account): Promise<Entered> {
    const stored = this.#sessions.find(wanted);
    const address = parseServerAddress(stored?.account.server ?? "");
    if (stored?.token === undefined || typeof address === "string") {
      return failure("not_authenticated", `Sign in as ${wanted.user} at ${wanted.server} first.`);
    }
    const { account, token } = stored;
    if (this.#link && this.#account && this.#sessions.isSame(this.#account, account)) return { ok: true, account };
    const link = await this.#enter(account, address, token);
    if (!(link instanceof ServerLink)) return link;
    this.#sessions.keep(account, token);
    link.connect();
    return { ok: true, account };
  }

  /**
   * Closes the current history, does something with its file, and opens it again; disconnected meanwhile.
   * @param refusal why this history must not be worked on; nothing is closed then
   * @throws what `work` throws; the previous state is then restored
   */
  async rework<T>(
    work: (opened: OpenedHistory) => Promise<T>,
    refusal: (opened: OpenedHistory) => Failure | undefined = () => undefined,
  ): Promise<T | Failure> {
    return await this.#mutex.runExclusive(async () => {
      const { present: opened, account } = this.#keeper;
      if (!opened || !account || this.#disposed) return failure("not_authenticated", "Sign in first.");
      const refused = refusal(opened);
      if (refused) return refused;
      const session = this.#account && this.#link ? this.#sessions.present() : undefined;
      this.#link?.dispose();
      this.#link = undefined;
      if (session) {
        this.#options.onLeft();
        this.#say({ state: "connecting", account: session.account, opening: true });
      }
      try {
        return await this.#keeper.rework(account, () => work(opened));
      } finally {
        if (session) await this.#connectAgain(session.account, session.token);
      }
    });
  }

  async #connectAgain(account: Account, token: string | undefined): Promise<void> {
    const address = parseServerAddress(account.server);
    const link = typeof address === "string" ? undefined : await this.#enter(account, address, token);
    if (link instanceof ServerLink) link.connect();
    else this.#say({ state: "signedOut", account, ...(link ? { reason: link.reason } : {}) });
  }

  reconnect(): { readonly ok: true } | Failure {
    if (!this.#link) return failure("not_authenticated", "Sign in first.");
    this.#link.connect();
    return { ok: true };
  }

  /** Handles a failed commit: the server must send the messages again once storing works. */
  stepFailed(error: unknown): void {
    const reason = storageTrouble(error);
    this.#options.log.error("step failed", { error: traceOf(error) });
    this.#link?.interrupt(reason);
    if (isDamage(error)) void this.damaged();
  }

  /** Handles damage of the open history's file. */
  async damaged(isFirst = true): Promise<void> {
    const damaged = this.#keeper.present;
    await this.#mutex.runExclusive(async () => {
      // The same file may be reported several times.
      if (this.#disposed || this.#keeper.present !== damaged) return;
      this.#link?.interrupt("The message history is damaged.");
      this.#replaceTimer?.dispose();
      if (await this.#keeper.replaceDamaged(isFirst)) return;
      this.#replaceTimer = this.#options.clock.setTimer(retryReplaceMs, () => {
        if (!this.#keeper.present) void this.damaged(false);
      });
    });
  }

  /** Closes the connection and the history. The session at the server stays open. Idempotent. */
  dispose(): void {
    this.#disposed = true;
    this.#replaceTimer?.dispose();
    this.#options.engine.flush();
    this.#link?.dispose();
    this.#link = undefined;
    this.#keeper.dispose();
  }

  /** Makes that account the current one. @returns its link, not connected yet; or the reason why nothing has changed */
  async #enter(account: Account, address: ServerAddress, token: string | undefined): Promise<ServerLink | Failure> {
    if (this.#disposed) return ending;
    const { session } = this.#options.engine.state;
    // As long as another account is current, that one is shown.
    const onSlow = (): void => {
      if (!this.#account) this.#say({ state: "connecting", account, opening: true });
    };
    const onLeaving = (): void => {
      if (this.#account && !sameAccount(this.#account, account)) this.#options.onLeft();
    };
    try {
      if (!this.#keeper.isOpenFor(account)) {
        // The same file under another address: messages that arrive meanwhile could not be stored.
        if (this.#account && this.#sessions.isSame(this.#account, account)) this.#link?.dispose();
        await this.#keeper.open(account, { onSlow, onLeaving });
      }
    } catch (error) {
      const reason = storageTrouble(error);
      if (this.#account && !this.#keeper.isOpenFor(this.#account)) this.#lose(this.#account, reason);
      else if (this.#options.engine.state.session !== session) this.#say(session);
      return failure("unavailable", reason);
    }
    this.#account = account;
    this.#renewable = undefined;
    // The server let this device take over its own session. The session of another account stays open until it expires.
    this.#link?.dispose();
    this.#link = this.#makeLink(account, address, token);
    this.#options.onEntered(account, this.#keeper.present?.file.folder ?? "");
    return this.#link;
  }

  /** Signs out, because its history is no longer open and messages could not be stored. */
  #lose(account: Account, reason: string): void {
    this.#link?.dispose();
    this.#link = this.#account = undefined;
    this.#options.onLeft();
    this.#say({ state: "signedOut", account, reason });
  }

  #makeLink(account: Account, address: ServerAddress, token: string | undefined): ServerLink {
    const { client, clock, pulse, random, log, connector, onConnected, onPush } = this.#options;
    return createAccountLink({
      ...{ account, address, token, client, clock, pulse, random, log, connector, onConnected, onPush },
      say: (session) => this.#say(session),
      onRenewed: (renewed) => this.#sessions.keep(account, renewed),
      onEnded: (end) => this.#ended(account, end),
    });
  }

  #ended(account: Account, end: SessionEnd): void {
    this.#options.log.info("session ended", { elsewhere: end.elsewhere === true, reason: end.reason });
    this.#link = undefined;
    this.#account = undefined;
    this.#renewable = { account };
    this.#sessions.forget();
    this.#options.onLeft();
    this.#say({ state: "signedOut", account, ...end });
  }

  #say(session: SessionState): void {
    this.#options.engine.execute({ kind: "session", session });
  }
}

const ending = failure("unavailable", "The daemon is ending. Try again.");
