// The directory and blocks [P-4.4 to P-4.6, P-4.11 to P-4.13].

import { failure } from "../../../protocol/errors.ts";
import { utf8Bytes } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import type { ParamsOf } from "../../../protocol/wire/declare.ts";
import type { blocked, presence, users } from "../../../protocol/wire/people.ts";
import { keyOfName } from "../../../protocol/names.ts";
import { ok } from "../requests/answer.ts";
import type { Answer } from "../requests/answer.ts";
import type { PendingRequest } from "../requests/pending-request.ts";
import type { Connection } from "../requests/connection.ts";
import type { Outcome } from "../requests/route.ts";
import type { Services } from "../requests/services.ts";
import type { Session } from "../sessions/session.ts";

/** Answers with the map that the original protocol has, name to name, whatever its size: the length costs the client. */
export function handleOnline(
  core: Services,
  session: Session,
  _params: object,
  _ask: PendingRequest,
  connection: Connection,
): Answer {
  connection.spend(session, core.sessions.count / namesPerToken);
  const { blocks } = core.ports;
  if (!blocks.isBlocked(session.account.id)) return { ok: true, fields: core.online.fields(core.sessions) };
  const added: Record<string, string> = {};
  for (const { account } of core.sessions.all()) {
    if (!blocks.has(account.id, session.account.id)) added[account.name] = account.name;
  }
  return { ok: true, bare: true, unbounded: true, added };
}

const namesPerToken = 200;

export function handleBlock(core: Services, session: Session, params: { target: string }, blocks: boolean): Outcome {
  const target = core.ports.accounts.find(params.target);
  if (!target) return failure("no_such_user");
  if (target.id === session.account.id) {
    return failure("bad_request", "target is yourself. Name somebody else.");
  }
  if (core.ports.blocks.has(session.account.id, target.id) === blocks) return ok;
  return setBlock(core, session, target.id, blocks);
}

async function setBlock(core: Services, session: Session, target: number, blocks: boolean): Promise<Answer> {
  const { blocks: store } = core.ports;
  const written = await (blocks ? store.put(session.account.id, target) : store.remove(session.account.id, target));
  if (written === "failed") return failure("unavailable");
  const watcher = core.sessions.get(target);
  const owner = core.sessions.get(session.account.id);
  if (watcher && owner) core.presence.show(watcher, owner, !blocks);
  return ok;
}

export function handleBlocked(core: Services, session: Session, params: ParamsOf<typeof blocked>): Answer {
  const page = new Page<string>(params.limit);
  for (const { name } of core.ports.blocks.of(session.account.id, keyAfter(core, params.after)))
    if (!page.add(name, name)) break;
  return page.answer();
}

export function handleUsers(core: Services, session: Session, params: ParamsOf<typeof users>): Answer {
  const page = new Page<object>(params.limit);
  for (const account of core.ports.accounts.list(keyOfName(params.prefix ?? ""), keyAfter(core, params.after))) {
    if (account.id === session.account.id || core.ports.blocks.has(account.id, session.account.id)) continue;
    const there = core.sessions.get(account.id);
    const { name, publicId } = account;
    const entry = { name, account: publicId, state: there?.state ?? "offline", text: there?.text };
    if (!page.add(entry, name)) break;
  }
  return page.answer();
}

/** The key after which the next page begins. An account from before two names became one has its own key [P-3.1]. */
function keyAfter(core: Services, name: string | undefined): string {
  return name === undefined ? "" : (core.ports.accounts.find(name)?.key ?? keyOfName(name));
}

/** Collects as many entries as were asked for and fit into a line [P-1.3]. */
class Page<Entry> {
  readonly #limit: number;
  readonly #users: Entry[] = [];
  #bytes = 0;
  #last: string | undefined;
  #next: string | undefined;

  constructor(limit: number = limits.maxDirectoryPage) {
    this.#limit = limit;
  }

  /** @returns false if the page ends before it */
  add(entry: Entry, name: string): boolean {
    const bytes = utf8Bytes(JSON.stringify(entry)) + 1;
    if (this.#users.length === this.#limit || this.#bytes + bytes > maxPageBytes) {
      this.#next = this.#last;
      return false;
    }
    this.#bytes += bytes;
    this.#users.push(entry);
    this.#last = name;
    return true;
  }

  answer(): Answer {
    return { ok: true, added: { users: this.#users, next: this.#next } };
  }
}

/** Leaves room for the rest of the answer in a line [P-1.3]. */
const maxPageBytes = limits.maxFrameBytes - 1_024;

export function handlePresence(core: Services, session: Session, params: ParamsOf<typeof presence>): Answer {
  // Repeating it is no change.
  if (session.state === params.state && session.text === params.text) return ok;
  session.state = params.state;
  session.text = params.text;
  core.ports.tokens.present(session.hash, session);
  core.presence.changed(session);
  return ok;
}
