// Requests for the server's users: the whole directory page by page, the block list, one name, and who is online.

import type { Clock } from "../../base/clock.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { blocked, online, readOnlineMap, users } from "../../protocol/wire/people.ts";
import { keyOfName } from "../../protocol/names.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { PersonSeen } from "../core/inputs.ts";
import { refusalOf } from "../connection/read-answer.ts";
import type { ServerLink } from "../connection/server-link.ts";

const rateLimitedS = 1;
const maxRateLimitedS = 60;

/**
 * Reads the whole directory.
 * @param onPage called before any push that is newer than the page is delivered; `last` with the last page
 * @returns whether the last page was read; false if the connection was lost or the server refused
 */
export async function readDirectory(
  link: ServerLink,
  clock: Clock,
  onPage: (people: readonly PersonSeen[], last: boolean) => void,
): Promise<boolean> {
  let after: string | undefined;
  for (;;) {
    const page = { limit: limits.maxDirectoryPage, ...(after === undefined ? {} : { after }) };
    const answer = await link.request(users, page, (read) => {
      if (read.ok) onPage(read.value.users, nextOf(read.value) === undefined);
    });
    if (answer?.ok === false && answer.code === "rate_limited") {
      const { retryAfterS: afterS = rateLimitedS } = answer;
      await new Promise<void>((resolve) => clock.setTimer(1_000 * Math.min(afterS, maxRateLimitedS), resolve));
      continue;
    }
    if (answer?.ok !== true) return false;
    after = nextOf(answer.value);
    if (after === undefined) return true;
  }
}

/**
 * Reads the block list. @param onRead called with the whole list, before any answer or push that is newer than its last
 * page is delivered
 */
export async function readBlockList(link: ServerLink, onRead: (names: readonly string[]) => void): Promise<void> {
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = { limit: limits.maxDirectoryPage, ...(after === undefined ? {} : { after }) };
    const answer = await link.request(blocked, page, (read) => {
      if (!read.ok) return;
      names.push(...read.value.users);
      if (nextOf(read.value) === undefined) onRead(names);
    });
    after = answer?.ok === true ? nextOf(answer.value) : undefined;
  } while (after !== undefined);
}

/** An empty page is the last one, even if it names a next one. */
function nextOf({ users: page, next }: { readonly users: readonly unknown[]; readonly next?: string | undefined }) {
  return page.length === 0 ? undefined : next;
}

/**
 * Looks up the user of exactly that name, in any spelling.
 * @param onFound called before any push that is newer than the answer is delivered
 * @returns undefined if the connection was lost
 */
export async function lookUp(
  link: ServerLink,
  name: string,
  onFound: (person: PersonSeen) => void,
): Promise<{ readonly ok: true; readonly person: PersonSeen } | Failure | undefined> {
  const key = keyOfName(name);
  const among = (listed: readonly PersonSeen[]): PersonSeen | undefined =>
    listed.find((each) => keyOfName(each.name) === key);
  const answer = await link.request(users, { prefix: name, limit: 20 }, (read) => {
    const person = read.ok ? among(read.value.users) : undefined;
    if (person) onFound(person);
  });
  if (answer?.ok !== true) return answer;
  const person = among(answer.value.users);
  return person ? { ok: true, person } : failure("no_such_user", `There is no user ${name} on this server.`);
}

/** Returns the names of the users who are online; undefined if the connection was lost. */
export async function readOnline(
  link: ServerLink,
): Promise<{ readonly ok: true; readonly users: string[] } | Failure | undefined> {
  const body = await link.requestRaw(online.type);
  if (!body) return undefined;
  if (Object.hasOwn(body, "result")) return refusalOf(body);
  const names = readOnlineMap(body);
  return names instanceof Invalid
    ? failure("internal", `The server answered wrongly: ${names.reason}.`)
    : { ok: true, users: names };
}
