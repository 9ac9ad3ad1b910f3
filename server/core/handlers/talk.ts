// Messages to one and to all, and the signals beside them [P-4.2, P-4.3, P-4.14].

import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import { encodedTextBytes, encodeFrame } from "../../../protocol/frame.ts";
import type { MessageId } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type { ParamsOf } from "../../../protocol/messages/declare.ts";
import type { broadcast, message, Reference, signal } from "../../../protocol/messages/talk.ts";
import { keyOfName } from "../../../protocol/names.ts";
import { ok } from "../answer.ts";
import type { Receipt } from "../answer.ts";
import type { Ask } from "../ask.ts";
import type { Account, Letter } from "../ports.ts";
import type { Outcome } from "../route.ts";
import type { Services } from "../services.ts";
import type { Session } from "../session.ts";

interface Written {
  readonly msg: string;
  readonly mid?: MessageId;
  readonly ts?: number;
  readonly ref?: Reference;
}

export function handleMessage(
  core: Services,
  session: Session,
  params: ParamsOf<typeof message>,
  ask: Ask,
): Failure | undefined {
  const to = core.ports.accounts.find(keyOfName(params.to));
  if (!to) return failure("no_such_user");
  if (core.ports.blocks.has(to.id, session.account.id)) {
    // What was taken before the block is answered as it was then [P-5.4].
    const known = params.mid !== undefined && core.office.again(session.account, to, params.mid, ask);
    return known ? undefined : failure("blocked");
  }
  const letter = writeLetter(core, session, params);
  if ("code" in letter) return letter;
  core.office.send(session.account.id, to, letter, params.mid !== undefined, ask);
  return undefined;
}

export function handleBroadcast(
  core: Services,
  session: Session,
  params: ParamsOf<typeof broadcast>,
  ask: Ask,
): Failure | undefined {
  const letter = writeLetter(core, session, params);
  if ("code" in letter) return letter;
  const receipt: Receipt | undefined =
    params.mid === undefined ? ask : core.office.once(session.account.id, letter.mid, ask);
  if (!receipt) return undefined;
  const delivered = toEveryone(core, session, letter);
  receipt.answer({ ok: true, added: { delivered } });
  // Nobody has it: sent again it is a new attempt, as one that was refused.
  if (delivered === 0) core.office.forget(session.account.id, letter.mid);
  return undefined;
}

/**
 * Encoded once, but for the name of whom it goes to; to a client that is being handed its mailbox it comes behind that.
 * @returns to how many it went
 */
function toEveryone(core: Services, sender: Session, { from, mid, ts, msg, ref }: Letter): number {
  const id = core.nextPushId();
  const rest = encodeFrame({ from, msg, id, mid, ts, ref, broadcast: true }).slice(1);
  let people = 0;
  for (const session of core.sessions.all()) {
    if (session === sender || core.ports.blocks.has(session.account.id, sender.account.id)) continue;
    const to = JSON.stringify(session.account.name);
    if (session.lane.pass(id, `{"type":"message","to":${to},${rest}`)) people += 1;
  }
  core.counters.messages.broadcast += people;
  return people;
}

export function handleSignal(core: Services, session: Session, params: ParamsOf<typeof signal>): Outcome {
  const to = recipient(core, session, params.to);
  if ("code" in to) return to;
  const target = core.sessions.get(to.id);
  if (target?.grant.presence === true) {
    const { kind, upto } = params;
    core.sessions.push(target, "signal", { from: session.account.name, kind, upto });
  }
  return ok;
}

/** Whom `session` may write to. */
export function recipient(core: Services, session: Session, name: string): Account | Failure {
  const account = core.ports.accounts.find(keyOfName(name));
  if (!account) return failure("no_such_user");
  return core.ports.blocks.has(account.id, session.account.id) ? failure("blocked") : account;
}

/** What the sender left out is filled in. Halves of characters would not survive UTF-8, so they are replaced here. */
function writeLetter(core: Services, session: Session, { msg, mid, ts, ref }: Written): Letter | Failure {
  if (msg.length * worstBytesPerUnit + 2 > limits.maxMessageBytes && encodedTextBytes(msg) > limits.maxMessageBytes) {
    return failure("too_large", `A message may have ${limits.maxMessageBytes} bytes. Send it in smaller parts.`);
  }
  if (mid?.isWellFormed() === false) return failure("bad_request", "mid is not a whole Unicode text.");
  if (ref && !(ref.kind.isWellFormed() && ref.mid.isWellFormed())) {
    return failure("bad_request", "ref is not whole Unicode text.");
  }
  return {
    from: session.account.name,
    mid: mid ?? core.ports.ids.messageId(),
    ts: ts ?? core.ports.clock.nowMs(),
    msg: msg.isWellFormed() ? msg : msg.toWellFormed(),
    ...(ref && { ref }),
  };
}

/** JSON writes a control character as six bytes; nothing takes more for one UTF-16 unit. */
const worstBytesPerUnit = 6;
