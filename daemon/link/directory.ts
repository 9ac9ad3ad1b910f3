// Who the server knows: the whole directory page by page, the block list, one name, and who is online now.

import type { Clock } from "../../base/clock.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { blocked, online, readOnlineMap, users } from "../../protocol/messages/people.ts";
import { keyOfName } from "../../protocol/names.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { PersonSeen } from "../core/inputs.ts";
import { refusalOf } from "./answer.ts";
import type { ServerLink } from "./server-link.ts";

const rateLimitedMs = 1_000;

/**
 * @param onPage called before any push that is newer than the page is handed out; `last` with the last page
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
      if (read.ok) onPage(read.value.users, isLast(read.value));
    });
    if (answer?.ok === false && answer.code === "rate_limited") {
      await new Promise<void>((resolve) => clock.setTimer(rateLimitedMs, resolve));
      continue;
    }
    if (answer?.ok !== true) return false;
    if (isLast(answer.value)) return true;
    after = answer.value.next;
  }
}

function isLast(page: { readonly users: readonly PersonSeen[]; readonly next?: string | undefined }): boolean {
  return page.next === undefined || page.users.length === 0;
}

/** @param onRead called before any answer or push that is newer than the list is handed out */
export async function readBlockList(link: ServerLink, onRead: (names: readonly string[]) => void): Promise<void> {
  await link.request(blocked, {}, (read) => {
    if (read.ok) onRead(read.value.users);
  });
}

/**
 * The user of exactly that name, in any spelling.
 * @param onFound called before any push that is newer than the answer is handed out
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

/** @returns undefined if the connection was lost */
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
