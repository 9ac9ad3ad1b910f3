// Brings many accounts online. Token logins cost a look-up. Password logins cost the server tens of milliseconds of
// Argon2id each and are limited there: a few at a time, and retried after `busy` or `throttled`.

import { setTimeout as sleep } from "node:timers/promises";
import { password } from "./job.ts";
import type { Job } from "./job.ts";
import { Link } from "./link.ts";

export type Tokens = Readonly<Record<string, string>>;
type Place = Pick<Job, "host" | "port">;

const retryMs = 200;
const maxTries = 100;

/** Returns an authenticated link; the caller sets its handler. */
export async function signIn(place: Place, username: string, tokens: Tokens, acks: boolean): Promise<Link> {
  const token = tokens[username];
  const secret = token === undefined ? { password } : { token };
  for (let tries = 1; ; tries += 1) {
    const link = new Link(place.host, place.port);
    const answer = await link.ask({ type: "auth", username, ...secret, ...(acks ? { acks } : {}) });
    if (answer["result"] === "ok") return link;
    link.close();
    if (!isWorthRetrying(answer) || tries === maxTries) throw new Error(`${username}: ${JSON.stringify(answer)}`);
    await sleep(retryMs);
  }
}

/** Creates the account if it is missing, signs in with the password, and returns the token. */
export async function enrol(place: Place, username: string): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const link = new Link(place.host, place.port);
    const made = await link.ask({ type: "register", username, password });
    const usable = made["result"] === "ok" || made["code"] === "name_taken";
    const answer = usable ? await link.ask({ type: "auth", username, password }) : made;
    link.close();
    const token = answer["token"];
    if (typeof token === "string") return token;
    if (!isWorthRetrying(answer) || tries === maxTries) throw new Error(`${username}: ${JSON.stringify(answer)}`);
    await sleep(retryMs);
  }
}

/** Runs `work` over the items, at most `width` at once, and keeps their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

function isWorthRetrying(answer: Record<string, unknown>): boolean {
  return answer["code"] === "busy" || answer["code"] === "throttled" || answer["code"] === "rate_limited";
}
