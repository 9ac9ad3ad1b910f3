// Who is there, and who is not wanted [P-4.4 to P-4.6, P-4.11 to P-4.13].

import { failure } from "../../../protocol/errors.ts";
import { utf8Bytes } from "../../../protocol/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import type { ParamsOf } from "../../../protocol/messages/declare.ts";
import type { presence, users } from "../../../protocol/messages/people.ts";
import { keyOfName } from "../../../protocol/names.ts";
import { ok } from "../answer.ts";
import type { Answer } from "../answer.ts";
import type { Outcome } from "../route.ts";
import type { Services } from "../services.ts";
import type { Session } from "../session.ts";

/** The map as the seed prints it: name to name. */
export function handleOnline(core: Services, session: Session): Answer {
  const added: Record<string, string> = {};
  for (const { account } of core.sessions.all()) {
    if (!core.ports.blocks.has(account.id, session.account.id)) added[account.name] = account.name;
  }
  return { ok: true, bare: true, added };
}

export function handleBlock(core: Services, session: Session, params: { target: string }, blocks: boolean): Outcome {
  const target = core.ports.accounts.find(keyOfName(params.target));
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

export function handleBlocked(core: Services, session: Session): Answer {
  return { ok: true, added: { users: core.ports.blocks.of(session.account.id).map(({ name }) => name) } };
}

export function handleUsers(core: Services, session: Session, params: ParamsOf<typeof users>): Answer {
  const limit = params.limit ?? limits.maxDirectoryPage;
  const found: object[] = [];
  let bytes = 0;
  let last: string | undefined;
  for (const account of core.ports.accounts.list(keyOfName(params.prefix ?? ""), keyOfName(params.after ?? ""))) {
    if (account.id === session.account.id || core.ports.blocks.has(account.id, session.account.id)) continue;
    const there = core.sessions.get(account.id);
    const entry = { name: account.name, state: there?.state ?? "offline", text: there?.text };
    bytes += utf8Bytes(JSON.stringify(entry)) + 1;
    if (found.length === limit || bytes > maxPageBytes) return { ok: true, added: { users: found, next: last } };
    found.push(entry);
    last = account.name;
  }
  return { ok: true, added: { users: found } };
}

/** So that a page with the rest of its answer fits a line [P-1.3]. */
const maxPageBytes = limits.maxFrameBytes - 1_024;

export function handlePresence(core: Services, session: Session, params: ParamsOf<typeof presence>): Answer {
  session.state = params.state;
  session.text = params.text;
  core.presence.changed(session);
  return ok;
}
