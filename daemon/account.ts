// The one account of the person: signing in and out, the link to its server, the history that belongs to it. Survives a
// restart of the daemon by the stored token, and says so when the session was ended elsewhere.

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { failure } from "../protocol/errors.ts";
import type { Failure } from "../protocol/errors.ts";
import { sameAccount } from "../protocol/editor/model.ts";
import type { Account, SessionState } from "../protocol/editor/model.ts";
import { openHistory } from "./history/open.ts";
import { isDamage, storageTrouble } from "./history/trouble.ts";
import type { Identity } from "./identity/identity.ts";
import { parseServerAddress, parseTarget } from "./link/address.ts";
import type { ServerAddress } from "./link/address.ts";
import type { Door } from "./link/door.ts";
import type { Push } from "./link/line-client.ts";
import { ServerLink } from "./link/server-link.ts";
import type { SessionEnd } from "./link/server-link.ts";
import { registerAt, signInAt } from "./link/sign-in.ts";
import type { Client, SignedIn } from "./link/sign-in.ts";
import type { Runner } from "./runner.ts";

export interface AccountOptions {
  readonly home: string;
  readonly identity: Identity;
  readonly door: Door;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly client: Client;
  /** Something a person has to know. */
  announce(text: string): void;
  /** That account is signed in now. Called again when it signs in once more. */
  onEntered(account: Account): void;
  /** Nobody is signed in any more, or somebody else is about to be. */
  onLeft(): void;
  onConnected(link: ServerLink): void;
  onPush(link: ServerLink, push: Push): void;
}

export interface SignInParams {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  /** The key that the server must have, where a person has seen it. */
  readonly pin?: string | undefined;
}

export class AccountKeeper {
  readonly #options: AccountOptions;
  #account: Account | undefined;
  #link: ServerLink | undefined;
  /** Sign-ins and sign-outs, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  /** The link of the present session, connected or not. */
  get link(): ServerLink | undefined {
    return this.#link;
  }

  /** Takes the session up again that the daemon held before it was restarted. */
  resume(): void {
    const stored = this.#options.identity.session();
    if (!stored) return;
    const address = parseServerAddress(stored.account.server);
    if (stored.token === undefined || typeof address === "string") {
      this.#say({ state: "signedOut", account: stored.account });
      return;
    }
    try {
      this.#open(stored.account);
    } catch (error) {
      this.#say({ state: "signedOut", account: stored.account, reason: storageTrouble(error) });
      return;
    }
    const link = this.#makeLink(stored.account, address, stored.token);
    link.connect();
    this.#options.onEntered(stored.account);
  }

  async signIn(params: SignInParams): Promise<{ readonly ok: true; readonly account: Account } | Failure> {
    return await this.#inTurn(async () => {
      const target = parseTarget(params.server, params.pin);
      if (typeof target === "string") return failure("bad_request", target);
      const { address, wanted } = target;
      const { user, password } = params;
      const found = await signInAt(this.#options.door, address, { user, password }, this.#options.client, wanted);
      if (!found.ok) return failure(found.code, found.reason);
      return this.#enter(address, found);
    });
  }

  async register(params: SignInParams & { readonly invite?: string }): Promise<{ readonly ok: true } | Failure> {
    const target = parseTarget(params.server, params.pin);
    if (typeof target === "string") return failure("bad_request", target);
    const { user: username, password, invite } = params;
    const entry = { username, password, ...(invite === undefined ? {} : { invite }) };
    return await registerAt(this.#options.door, target.address, entry, target.wanted);
  }

  async signOut(): Promise<{ readonly ok: true }> {
    return await this.#inTurn(async () => {
      const { runner } = this.#options;
      const account = this.#account;
      const link = this.#link;
      this.#link = undefined;
      this.#account = undefined;
      this.#forget();
      this.#options.onLeft();
      runner.close();
      this.#say({ state: "signedOut", ...(account ? { account } : {}) });
      await link?.logout();
      return { ok: true };
    });
  }

  /** All that are known here, the present one first. `signedIn`: a switch to it asks nothing. */
  accounts(): { account: Account; current: boolean; signedIn: boolean }[] {
    return this.#options.identity.sessions().map(({ account, token }, index) => {
      return { account, current: index === 0, signedIn: token !== undefined };
    });
  }

  /** The session of before stays open at its server until it lapses; what comes for it waits there. */
  async switchTo(wanted: Account): Promise<{ readonly ok: true; readonly account: Account } | Failure> {
    return await this.#inTurn(() => Promise.resolve(this.#switch(wanted)));
  }

  #switch(wanted: Account): { readonly ok: true; readonly account: Account } | Failure {
    const stored = this.#options.identity.sessions().find((each) => sameAccount(each.account, wanted));
    const address = parseServerAddress(stored?.account.server ?? "");
    if (stored?.token === undefined || typeof address === "string") {
      return failure("not_authenticated", `Sign in as ${wanted.user} at ${wanted.server} first.`);
    }
    const { account, token } = stored;
    const before = this.#link;
    if (before && this.#account && sameAccount(this.#account, account)) return { ok: true, account };
    try {
      this.#open(account);
    } catch (error) {
      return failure("unavailable", storageTrouble(error));
    }
    this.#keep(account, token);
    before?.dispose();
    this.#makeLink(account, address, token).connect();
    this.#options.onEntered(account);
    return { ok: true, account };
  }

  reconnect(): { readonly ok: true } | Failure {
    if (!this.#link) return failure("not_authenticated", "Sign in first.");
    this.#link.connect();
    return { ok: true };
  }

  /** A commit failed: the server must send again what came, once storing works. */
  stepFailed(error: unknown): void {
    const reason = storageTrouble(error);
    this.#options.log.error("step failed", { error: describe(error) });
    this.#link?.interrupt(reason);
    if (!isDamage(error) || !this.#account) return;
    this.#options.runner.closeHistory();
    try {
      this.#open(this.#account);
    } catch (again) {
      this.#options.announce(storageTrouble(again));
    }
  }

  /** Closes the connection and the history; the session at the server goes on. Idempotent. */
  dispose(): void {
    this.#options.runner.flush();
    this.#link?.dispose();
    this.#link = undefined;
    this.#options.runner.closeHistory();
  }

  /** The server has taken the sign-in: this is the account now. */
  #enter(address: ServerAddress, found: SignedIn): { ok: true; account: Account } | Failure {
    const account: Account = { user: found.user, server: address.text };
    const before = this.#account;
    const link = this.#link;
    const same = before !== undefined && sameAccount(before, account);
    try {
      if (!same || this.#options.runner.history?.isOpen !== true) this.#open(account);
    } catch (error) {
      found.link.close();
      return failure("unavailable", storageTrouble(error));
    }
    this.#account = account;
    this.#keep(account, found.token);
    // The server let this device take its own session over; that of another account stays until it lapses.
    link?.dispose();
    this.#makeLink(account, address, found.token).adopt(found.link, undefined, found.announced);
    this.#options.onEntered(account);
    return { ok: true, account };
  }

  /** @throws where its history cannot be read; then the account of before is still the present one */
  #open(account: Account): void {
    const { home, clock, runner, log } = this.#options;
    // It may be the same history once more.
    runner.flush();
    const opened = openHistory(home, account, clock.nowMs());
    // What is said while the one before is left belongs to its history.
    if (this.#account && !sameAccount(this.#account, account)) this.#options.onLeft();
    runner.open(account, opened.history, opened.loaded);
    this.#account = account;
    if (opened.setAside === undefined) return;
    log.error("history set aside", { file: opened.setAside });
    this.#options.announce(
      `The message history of ${account.user} on this machine was damaged. It was set aside as ${opened.setAside}; ` +
        "a new one was begun.",
    );
  }

  /** A session that cannot be stored is a session until the daemon ends. */
  #keep(account: Account, token: string | undefined): void {
    try {
      this.#options.identity.keepSession({ account, ...(token === undefined ? {} : { token }) });
    } catch (error) {
      this.#options.log.error("session not stored", { error: describe(error) });
    }
  }

  /** A session that ended has ended, whatever the disk says. */
  #forget(): void {
    try {
      this.#options.identity.endSession();
    } catch (error) {
      this.#options.log.error("session not forgotten", { error: describe(error) });
    }
  }

  #makeLink(account: Account, address: ServerAddress, token: string | undefined): ServerLink {
    const { client, clock, random, log, door } = this.#options;
    let logged: string | undefined;
    const link: ServerLink = new ServerLink({
      ...{ door, address, user: account.user, token, client, clock, random },
      events: {
        onConnecting: () => this.#say({ state: "connecting", account }),
        onConnected: (renewed) => {
          if (renewed !== undefined && renewed !== token) this.#keep(account, renewed);
          logged = undefined;
          log.info("connected", { server: address.text });
          this.#say({ state: "connected", account });
          this.#options.onConnected(link);
        },
        onUnreachable: (reason, retryAtMs, distrust) => {
          // Once for each trouble: it is tried again for as long as the server is away.
          if (reason !== logged) log.info("unreachable", { server: address.text, reason });
          logged = reason;
          const doubt = distrust === undefined ? {} : { distrust };
          this.#say({ state: "unreachable", account, reason, retryAtMs: Math.round(retryAtMs), ...doubt });
        },
        onPush: (push) => this.#options.onPush(link, push),
        onEnded: (end) => this.#ended(account, end),
      },
    });
    this.#link = link;
    return link;
  }

  #ended(account: Account, { elsewhere, reason, code }: SessionEnd): void {
    this.#options.log.info("session ended", { elsewhere, reason });
    this.#link = undefined;
    this.#forget();
    this.#options.onLeft();
    this.#say({
      state: "signedOut",
      account,
      reason,
      ...(code === undefined ? {} : { code }),
      ...(elsewhere ? { elsewhere } : {}),
    });
  }

  #say(session: SessionState): void {
    this.#options.runner.command({ kind: "session", session });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return await turn;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
