// The one account of the person: signing in and out, the link to its server, the history that belongs to it. Survives a
// restart of the daemon by the stored token, and says so when the session was ended elsewhere.

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { failure } from "../protocol/errors.ts";
import type { Failure } from "../protocol/errors.ts";
import type { Account, SessionState } from "../protocol/editor/model.ts";
import { keyOfName } from "../protocol/names.ts";
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
    this.#makeLink(stored.account, address, stored.token).connect();
  }

  async signIn(params: SignInParams): Promise<{ readonly ok: true; readonly account: Account } | Failure> {
    return await this.#inTurn(async () => {
      const target = parseTarget(params.server, params.pin);
      if (typeof target === "string") return failure("bad_request", target);
      const { address, wanted } = target;
      const { user, password } = params;
      const found = await signInAt(this.#options.door, address, { user, password }, this.#options.client, wanted);
      if (!found.ok) return failure(found.code, found.reason);
      return await this.#enter(address, found);
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
      runner.close();
      this.#say({ state: "signedOut", ...(account ? { account } : {}) });
      await link?.logout();
      return { ok: true };
    });
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
    this.#options.runner.history?.dispose();
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
    this.#options.runner.history?.dispose();
  }

  /** The server has taken the sign-in: this is the account now. */
  async #enter(address: ServerAddress, found: SignedIn): Promise<{ ok: true; account: Account } | Failure> {
    const account: Account = { user: found.user, server: address.text };
    const before = this.#account;
    const link = this.#link;
    const same = before?.server === account.server && keyOfName(before.user) === keyOfName(account.user);
    try {
      if (!same || this.#options.runner.history?.isOpen !== true) this.#open(account);
    } catch (error) {
      found.link.close();
      return failure("unavailable", storageTrouble(error));
    }
    this.#account = account;
    this.#keep(account, found.token);
    // The server let this device take its own session over; any other session is a different one and is ended.
    if (same) link?.dispose();
    else await link?.logout();
    this.#makeLink(account, address, found.token).adopt(found.link, undefined);
    return { ok: true, account };
  }

  #open(account: Account): void {
    const { home, clock, runner, log } = this.#options;
    const opened = openHistory(home, account, clock.nowMs());
    runner.open(account, opened.history);
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
