// Session tokens: 256 random bits, kept only as their SHA-256, at most one per account. Answered from memory; kept on disk
// so that clients go on after the server restarts.

import { createHash, randomBytes } from "node:crypto";
import { limits } from "../../protocol/limits.ts";
import type { EarlierSession, Grant, OwnPresence, Tokens, Written } from "../core/ports.ts";
import type { StorageClient } from "./engine-client.ts";
import type { LoadedToken } from "./operations.ts";
import type { RunningTime } from "./running-time.ts";

interface Row {
  readonly hash: string;
  grant: Grant;
  /** In running time. */
  usedMs: number;
}

const touchMs = 60 * 60 * 1_000;
const tokenBytes = 32;

export class TokenStore implements Tokens {
  readonly #client: StorageClient;
  readonly #byHash = new Map<string, Row>();
  readonly #byAccount = new Map<number, Row>();
  #time: RunningTime | undefined;
  #earlier: EarlierSession[] = [];

  constructor(client: StorageClient) {
    this.#client = client;
    client.listen(({ endedTokens }) => {
      for (const hash of endedTokens) this.#forget(hash);
    });
  }

  load(tokens: readonly LoadedToken[]): void {
    for (const { hash, grant, usedMs, presence } of tokens) {
      this.#put({ hash, grant, usedMs });
      if (presence) this.#earlier.push({ hash, grant, ...presence });
    }
  }

  /** @param time the clock by which tokens age */
  keepTime(time: RunningTime): void {
    this.#time = time;
  }

  find(token: string): { readonly hash: string; readonly grant: Grant } | undefined {
    const row = this.#byHash.get(hashOf(token));
    if (!row || this.#nowMs() - row.usedMs > limits.tokenAgeMs) return undefined;
    this.touch(row.hash);
    return { hash: row.hash, grant: row.grant };
  }

  of(account: number): Grant | undefined {
    return this.#byAccount.get(account)?.grant;
  }

  async issue(grant: Grant, password?: string): Promise<{ readonly token: string; readonly hash: string } | "failed"> {
    const token = randomBytes(tokenBytes).toString("base64url");
    const hash = hashOf(token);
    if ((await this.#client.ask("issueToken", hash, grant, password)) !== true) return "failed";
    this.#put({ hash, grant, usedMs: this.#nowMs() });
    return { token, hash };
  }

  renew(hash: string, grant: Grant): void {
    const row = this.#byHash.get(hash);
    if (!row) return;
    row.grant = grant;
    row.usedMs = this.#nowMs();
    this.#client.post("renewToken", [hash, grant]);
  }

  touch(hash: string): void {
    const nowMs = this.#nowMs();
    const row = this.#byHash.get(hash);
    if (!row || nowMs - row.usedMs < touchMs) return;
    row.usedMs = nowMs;
    this.#client.post("touchToken", [hash]);
  }

  async revoke(hash: string): Promise<Written> {
    if ((await this.#client.ask("revokeToken", hash)) === "failed") return "failed";
    this.#forget(hash);
    return "written";
  }

  present(hash: string, presence: OwnPresence | undefined): void {
    // Copied: the caller may pass a session, which is more than that.
    const own = presence && { state: presence.state, text: presence.text };
    if (this.#byHash.has(hash)) this.#client.post("present", [hash, own]);
  }

  earlier(): Iterable<EarlierSession> {
    return this.#earlier.splice(0);
  }

  /** The account has another password, or is gone; the engine has already forgotten the token. */
  forgetAccount(account: number): void {
    const row = this.#byAccount.get(account);
    if (row) this.#forget(row.hash);
  }

  #nowMs(): number {
    return this.#time?.nowMs() ?? 0;
  }

  #put(row: Row): void {
    const before = this.#byAccount.get(row.grant.account);
    if (before) this.#byHash.delete(before.hash);
    this.#byHash.set(row.hash, row);
    this.#byAccount.set(row.grant.account, row);
  }

  #forget(hash: string): void {
    const row = this.#byHash.get(hash);
    if (!row) return;
    this.#byHash.delete(hash);
    this.#byAccount.delete(row.grant.account);
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
