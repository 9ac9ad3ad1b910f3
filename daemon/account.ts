// The one account of the person: signing in and out, the link to its server, the history that belongs to it. Survives a
// restart of the daemon by the stored token, and says so when the session was ended elsewhere.

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { failure } from "../protocol/errors.ts";
import type { Failure } from "../protocol/errors.ts";
import { sameAccount } from "../protocol/editor/model.ts";
import type { Account, SessionState } from "../protocol/editor/model.ts";
import { traceOf } from "./error-words.ts";
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
import type { Client } from "./link/sign-in.ts";
import type { Pulse } from "./pulse.ts";
import type { Runner } from "./runner.ts";
import { Turns } from "./turns.ts";

export interface AccountOptions {
  readonly home: string;
  readonly identity: Identity;
  readonly door: Door;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly random: () => number;
  readonly log: Log;
  readonly client: Client;
  /** Something a person has to know. */
  announce(text: string): void;
  /** That account is the present one, and about to connect. Called again when it signs in once more. */
  onEntered(account: Account): void;
  /** Nobody is signed in any more, or somebody else is about to be. */
  onLeft(): void;
  onConnected(link: ServerLink): void;
  onPush(push: Push): void;
}

type Entered = { readonly ok: true; readonly account: Account } | Failure;

export interface SignInParams {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  /** The key that the server must have, where a person has seen it. */
  readonly pin?: string | undefined;
  /** Of a session that ended, by a password that a view keeps. */
  readonly renewal?: boolean | undefined;
}

/** A session that ended and may be renewed once, without anybody. */
interface Renewable {
  readonly account: Account;
  /** What came of it. */
  outcome?: Entered;
}

export class AccountKeeper {
  readonly #options: AccountOptions;
  #account: Account | undefined;
  #link: ServerLink | undefined;
  #renewable: Renewable | undefined;
  /** Sign-ins and sign-outs. */
  readonly #turns = new Turns();
  #disposed = false;

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
    const { account, token } = stored;
    const address = parseServerAddress(account.server);
    if (token === undefined || typeof address === "string") {
      const { isNew, note } = this.#options.identity.own();
      this.#say({ state: "signedOut", account, ...(isNew && note !== undefined ? { reason: note } : {}) });
      return;
    }
    const link = this.#enter(account, address, token);
    if (link instanceof ServerLink) link.connect();
    else this.#say({ state: "signedOut", account, reason: link.reason });
  }

  async signIn(params: SignInParams): Promise<Entered> {
    return await this.#turns.take(() => (params.renewal === true ? this.#renew(params) : this.#signIn(params)));
  }

  /** Several windows that keep the same password ask at once: many wrong tries would throttle the account. */
  async #renew(params: SignInParams): Promise<Entered> {
    const target = parseTarget(params.server, params.pin);
    if (typeof target === "string") return failure("bad_request", target);
    const wanted = { user: params.user, server: target.address.text };
    if (this.#link && this.#account && this.#isPresent(wanted)) return { ok: true, account: this.#account };
    const renewable = this.#renewable;
    if (!renewable || !sameAccount(renewable.account, wanted)) return failure("not_authenticated", "Sign in first.");
    renewable.outcome ??= await this.#signIn(params);
    return renewable.outcome;
  }

  async #signIn(params: SignInParams): Promise<Entered> {
    const { door, client } = this.#options;
    const target = parseTarget(params.server, params.pin);
    if (typeof target === "string") return failure("bad_request", target);
    const { address, wanted } = target;
    const { user, password } = params;
    const found = await signInAt(door, address, { user, password }, client, wanted);
    if (!found.ok) return failure(found.code, found.reason);
    const account: Account = { user: found.user, server: address.text };
    const link = this.#enter(account, address, found.token);
    if (!(link instanceof ServerLink)) {
      found.link.close();
      return link;
    }
    this.#keep(account, found.token);
    link.adopt(found);
    return { ok: true, account };
  }

  async register(params: SignInParams & { readonly invite?: string }): Promise<{ readonly ok: true } | Failure> {
    const target = parseTarget(params.server, params.pin);
    if (typeof target === "string") return failure("bad_request", target);
    const { user: username, password, invite } = params;
    const entry = { username, password, ...(invite === undefined ? {} : { invite }) };
    return await registerAt(this.#options.door, target.address, entry, target.wanted);
  }

  async signOut(): Promise<{ readonly ok: true }> {
    return await this.#turns.take(async () => {
      const { runner } = this.#options;
      const account = this.#account;
      const link = this.#link;
      this.#link = undefined;
      this.#account = undefined;
      this.#renewable = undefined;
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
  async switchTo(wanted: Account): Promise<Entered> {
    return await this.#turns.take(() => this.#switch(wanted));
  }

  #switch(wanted: Account): Entered {
    const stored = this.#options.identity.sessions().find((each) => sameAccount(each.account, wanted));
    const address = parseServerAddress(stored?.account.server ?? "");
    if (stored?.token === undefined || typeof address === "string") {
      return failure("not_authenticated", `Sign in as ${wanted.user} at ${wanted.server} first.`);
    }
    const { account, token } = stored;
    if (this.#link && this.#isPresent(account)) return { ok: true, account };
    const link = this.#enter(account, address, token);
    if (!(link instanceof ServerLink)) return link;
    this.#keep(account, token);
    link.connect();
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
    this.#options.log.error("step failed", { error: traceOf(error) });
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
    this.#disposed = true;
    this.#options.runner.flush();
    this.#link?.dispose();
    this.#link = undefined;
    this.#options.runner.closeHistory();
  }

  /** From now on that account is the present one. @returns its link, still to be connected; or why all is as it was */
  #enter(account: Account, address: ServerAddress, token: string | undefined): ServerLink | Failure {
    if (this.#disposed) return failure("unavailable", "The daemon is ending. Try again.");
    try {
      if (!this.#isPresent(account) || this.#options.runner.history?.isOpen !== true) this.#open(account);
    } catch (error) {
      return failure("unavailable", storageTrouble(error));
    }
    this.#account = account;
    this.#renewable = undefined;
    // The server let this device take its own session over; that of another account stays until it lapses.
    this.#link?.dispose();
    this.#link = this.#makeLink(account, address, token);
    this.#options.onEntered(account);
    return this.#link;
  }

  #isPresent(account: Account): boolean {
    return this.#account !== undefined && sameAccount(this.#account, account);
  }

  /** @throws where its history cannot be read; then the account of before is still the present one */
  #open(account: Account): void {
    const { home, clock, runner, log } = this.#options;
    // It may be the same history once more.
    runner.flush();
    const opened = openHistory(home, account, clock.nowMs());
    // What is said while the one before is left belongs to its history.
    if (this.#account && !this.#isPresent(account)) this.#options.onLeft();
    runner.open(account, opened.history, opened.loaded);
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
      this.#options.log.error("session not stored", { error: traceOf(error) });
    }
  }

  /** A session that ended has ended, whatever the disk says. */
  #forget(): void {
    try {
      this.#options.identity.endSession();
    } catch (error) {
      this.#options.log.error("session not forgotten", { error: traceOf(error) });
    }
  }

  #makeLink(account: Account, address: ServerAddress, token: string | undefined): ServerLink {
    const { client, clock, pulse, random, log, door } = this.#options;
    let logged: string | undefined;
    const link: ServerLink = new ServerLink({
      ...{ door, address, user: account.user, token, client, clock, pulse, random },
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
        onPush: (push) => this.#options.onPush(push),
        onEnded: (end) => this.#ended(account, end),
      },
    });
    return link;
  }

  #ended(account: Account, end: SessionEnd): void {
    this.#options.log.info("session ended", { elsewhere: end.elsewhere === true, reason: end.reason });
    this.#link = undefined;
    this.#renewable = { account };
    this.#forget();
    this.#options.onLeft();
    this.#say({ state: "signedOut", account, ...end });
  }

  #say(session: SessionState): void {
    this.#options.runner.command({ kind: "session", session });
  }
}
