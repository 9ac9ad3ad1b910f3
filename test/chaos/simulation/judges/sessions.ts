// An account has one session [P-3.6]: a device that loses it to another one gets `kill` on an open link, and no more
// pushes. A token that was replaced or ended opens nothing, while the last one that was issued does [P-3.4, P-4.1].

import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import { limits } from "../../../../protocol/limits.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

/** A token that was not used for this long has expired; its use is written once per day. */
const unusedMs = limits.tokenAgeMs - 24 * 60 * 60 * 1_000;

/** The longest time to write that, after the disk was full. */
const writingMs = 15_000;

interface Known {
  live: Line | undefined;
  token: string | undefined;
  /** When it was issued, and when it was last issued or used, in the server's time. */
  issuedMs: number;
  usedMs: number;
  /** The latter by the clock of the run. */
  usedAtMs: number;
  readonly retired: Set<string>;
  /** Requests in progress, or cut off by a crash, that may have replaced or ended the token. */
  changing: number;
}

export class SessionJudge implements Judge {
  readonly #bench: Bench;
  readonly #known = new Map<string, Known>();
  readonly #killed = new Set<Line>();
  /** Logging out: the answer may have to wait for earlier answers, but the session ends at once. */
  readonly #leaving = new WeakSet<Line>();
  /** The token that a logout ends: the one at that time. Its answer may come after another login, which it does not end. */
  readonly #ending = new WeakMap<Request, string | undefined>();
  /** When the server received a request, in its own time. */
  readonly #heardMs = new WeakMap<Request, number>();
  readonly #tooLate = new WeakSet<Request>();
  readonly #retiredBefore = new WeakMap<Request, boolean>();
  readonly #owners = new Map<string, string>();

  readonly #failedMs: () => number;

  /** @param failedMs when a commit of the server last failed */
  constructor(bench: Bench, failedMs: () => number = () => -Infinity) {
    this.#bench = bench;
    this.#failedMs = failedMs;
  }

  request(line: Line, request: Request): void {
    if (line.superseded) this.#tooLate.add(request);
    this.#heardMs.set(request, this.#bench.serverMs);
    const { body, type } = request;
    const user = type === "auth" ? body["username"] : line.user;
    if ((type === "auth" && "password" in body) || type === "logout")
      this.#of(this.#userOf(request, user)).changing += 1;
    const token = body["token"];
    if (type === "logout") {
      this.#leaving.add(line);
      this.#ending.set(request, typeof token === "string" ? token : this.#of(String(user)).token);
    }
    if (typeof token !== "string") return;
    const owner = this.#owners.get(token);
    if (owner !== undefined && this.#of(owner).retired.has(token)) this.#retiredBefore.set(request, true);
  }

  answered(line: Line, request: Request, answer: JsonObject): void {
    const { type, body } = request;
    const ok = answer["result"] === "ok" || (type === "online" && !("result" in answer));
    const token = body["token"];
    if (typeof token === "string") this.#tokenAnswered(request, token, ok, answer);
    else if (ok && type !== "auth" && this.#tooLate.has(request)) {
      this.#bench.violation(`${line.name} is served ${type} after its session was taken`);
    }
    if (type === "auth" && ok) this.#opened(line, request, answer);
    if (type === "auth" && "password" in body) this.#of(this.#userOf(request, body["username"])).changing -= 1;
    if (type === "logout") this.#loggedOut(this.#userOf(request, line.user), this.#ending.get(request), ok);
  }

  pushed(line: Line, { type, body }: Push): void {
    if (type === "kill") this.#killed.add(line);
    else if (line.superseded) this.#bench.violation(`${line.name} is pushed ${type} after its session was taken`);
    const to = body["to"];
    if (type === "message" && to !== line.user)
      this.#bench.violation(`${line.name} is pushed what is for ${String(to)}`);
  }

  closed(line: Line): void {
    for (const known of this.#known.values()) if (known.live === line) known.live = undefined;
  }

  serverGone(): void {
    for (const known of this.#known.values()) if (known.changing > 0) known.token = undefined;
    for (const known of this.#known.values()) {
      known.changing = 0;
      // Its use is written as soon as that is possible.
      const hadNoTime = this.#bench.nowMs - known.usedAtMs < writingMs || this.#failedMs() >= known.usedAtMs;
      if (hadNoTime) known.usedMs = known.issuedMs;
    }
  }

  #opened(line: Line, request: Request, answer: JsonObject): void {
    const user = String(answer["username"]);
    const known = this.#of(user);
    const before = known.live;
    if (before && before !== line && !before.closing) {
      if (!isSameDevice(line, before) && !this.#killed.has(before) && !this.#leaving.has(before)) {
        this.#bench.violation(`${user} is signed in on ${line.name}, and ${before.name} was not told`);
      }
    }
    if (before && before !== line) before.superseded = true;
    line.superseded = false;
    known.live = line;
    const token = String(answer["token"]);
    if (known.token !== undefined && known.token !== token) known.retired.add(known.token);
    if (!this.#owners.has(token)) known.issuedMs = this.#heardMs.get(request) ?? 0;
    known.token = token;
    known.usedMs = this.#heardMs.get(request) ?? 0;
    known.usedAtMs = this.#bench.nowMs;
    this.#owners.set(token, user);
  }

  #tokenAnswered(request: Request, token: string, ok: boolean, answer: JsonObject): void {
    const owner = this.#owners.get(token);
    if (owner === undefined) return;
    if (ok && this.#retiredBefore.has(request)) {
      this.#bench.violation(`a token of ${owner} that has ended was accepted for ${request.type}`);
    }
    const refused = answer["code"] === "bad_credentials" || answer["code"] === "not_authenticated";
    const known = this.#of(owner);
    const isOld = this.#bench.serverMs - known.usedMs >= unusedMs;
    if (ok) {
      known.usedMs = this.#heardMs.get(request) ?? known.usedMs;
      known.usedAtMs = this.#bench.nowMs;
    }
    if (refused && known.token === token && known.changing === 0 && !isOld) {
      this.#bench.violation(`the token of ${owner} was refused for ${request.type}`);
    }
  }

  #loggedOut(user: string, ended: string | undefined, ok: boolean): void {
    const known = this.#of(user);
    known.changing -= 1;
    if (!ok) return;
    if (ended !== undefined) known.retired.add(ended);
    if (known.token !== ended) return;
    known.token = undefined;
    known.live = undefined;
  }

  #userOf(request: Request, user: unknown): string {
    const { token } = request.body;
    return (typeof token === "string" ? this.#owners.get(token) : undefined) ?? String(user);
  }

  #of(user: string): Known {
    let known = this.#known.get(user);
    if (!known) {
      known = {
        live: undefined,
        token: undefined,
        issuedMs: 0,
        usedMs: 0,
        usedAtMs: 0,
        retired: new Set(),
        changing: 0,
      };
      this.#known.set(user, known);
    }
    return known;
  }
}

/** If either proved a key, the keys decide; otherwise the claimed device ids [P-1.9]. */
function isSameDevice(one: Line, other: Line): boolean {
  if (one.peerKey !== undefined || other.peerKey !== undefined) return one.peerKey === other.peerKey;
  const device = one.auth["device"];
  return device !== undefined && device === other.auth["device"];
}
