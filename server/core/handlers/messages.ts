// Messages to one person and to everyone, and the ephemeral signals [P-4.2, P-4.3, P-4.14].

import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import { encodedTextBytes } from "../../../protocol/wire/frame.ts";
import type { MessageId } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type { ParamsOf } from "../../../protocol/wire/declare.ts";
import type { broadcast, message, Reference, signal } from "../../../protocol/wire/messages.ts";
import { ok } from "../requests/answer.ts";
import type { Responder } from "../requests/answer.ts";
import type { PendingRequest } from "../requests/pending-request.ts";
import { BroadcastCount } from "../delivery/broadcast-count.ts";
import { isCongested } from "../delivery/push-channel.ts";
import { broadcastLine } from "../delivery/push-line.ts";
import type { Connection } from "../requests/connection.ts";
import type { Account, QueuedMessage } from "../ports.ts";
import type { Outcome } from "../requests/route.ts";
import type { Services } from "../requests/services.ts";
import type { Session } from "../sessions/session.ts";

interface Content {
  readonly msg: string;
  readonly mid?: MessageId;
  readonly ts?: number;
  readonly ref?: Reference;
}

export function handleMessage(
  core: Services,
  session: Session,
  params: ParamsOf<typeof message>,
  ask: PendingRequest,
): Failure | undefined {
  const to = core.ports.accounts.find(params.to);
  if (!to) return failure("no_such_user");
  if (core.ports.blocks.has(to.id, session.account.id)) {
    if (params.mid === undefined) return failure("blocked");
    // What was accepted before the block is answered as it was then [P-5.4].
    core.router.again(session.account, to, params.mid, ask, () => ask.answer(failure("blocked")));
    return undefined;
  }
  const letter = letterOf(core, session, params);
  if ("code" in letter) return letter;
  noteTalk(core, session, to);
  core.consents.wrote(session.account.id, to.id);
  core.router.send(session.account.id, to, letter, params.mid !== undefined, ask);
  return undefined;
}

/** For clients without presence: they are notified when somebody whom they talked with leaves [P-6.2]. */
function noteTalk(core: Services, session: Session, to: Account): void {
  const partner = core.sessions.get(to.id);
  if (!partner) return;
  if (!session.grant.presence) addPartner(partner, session.account.id);
  if (!partner.grant.presence) addPartner(session, to.id);
}

/** A session remembers this many partners at most. */
const maxPartners = 1_000;

function addPartner(session: Session, account: number): void {
  session.partners ??= new Set();
  if (session.partners.size < maxPartners) session.partners.add(account);
}

export function handleBroadcast(
  core: Services,
  session: Session,
  params: ParamsOf<typeof broadcast>,
  ask: PendingRequest,
  connection: Connection,
): Failure | undefined {
  const letter = letterOf(core, session, params);
  if ("code" in letter) return letter;
  const responder: Responder | undefined =
    params.mid === undefined ? ask : core.router.once(session.account.id, letter.mid, ask);
  // A message to many costs the server more.
  connection.spend(session, core.sessions.count / recipientsPerToken);
  if (responder) toEveryone(core, session, letter, responder);
  return undefined;
}

const recipientsPerToken = 50;

/** Answered with how many have it [P-4.3]. A client that is being handed its mailbox gets it after that. */
function toEveryone(core: Services, sender: Session, letter: QueuedMessage, responder: Responder): void {
  const line = broadcastLine(letter);
  const count = new BroadcastCount(
    {
      answer(answer) {
        responder.answer(answer);
        core.counters.messages.broadcast += count.arrived;
        // Nobody has it, so sending it again is a new attempt, as after a refusal.
        if (count.arrived === 0) core.router.forget(sender.account.id, letter.mid);
      },
    },
    core.ports.clock.monotonicMs() + limits.broadcastMs,
  );
  for (const session of core.sessions.all()) {
    if (session === sender || core.ports.blocks.has(session.account.id, sender.account.id)) continue;
    session.queue.pass(line, count);
  }
  count.complete();
  core.router.track(count);
}

export function handleSignal(core: Services, session: Session, params: ParamsOf<typeof signal>): Outcome {
  const to = recipient(core, session, params.to);
  if ("code" in to) return to;
  const target = core.sessions.get(to.id);
  // A congested recipient has more important things to read.
  const link = target?.link;
  if (target?.grant.presence === true && !(link && isCongested(link))) {
    const { kind, upto } = params;
    core.sessions.push(target, "signal", { from: session.account.name, kind, upto });
  }
  return ok;
}

/** The account that `session` may write to, or why it may not. */
export function recipient(core: Services, session: Session, name: string): Account | Failure {
  const account = core.ports.accounts.find(name);
  if (!account) return failure("no_such_user");
  return core.ports.blocks.has(account.id, session.account.id) ? failure("blocked") : account;
}

/**
 * Fills in what the sender left out. Rejects lone surrogates in ids, and replaces them in text: they would not survive
 * UTF-8.
 */
function letterOf(core: Services, session: Session, { msg, mid, ts, ref }: Content): QueuedMessage | Failure {
  if (msg.length * worstBytesPerUnit + 2 > limits.maxMessageBytes && encodedTextBytes(msg) > limits.maxMessageBytes) {
    const reason = `A message may have ${limits.maxMessageBytes} bytes as a JSON string, its quotes counted. Send it in parts.`;
    return failure("too_large", reason);
  }
  if (mid?.isWellFormed() === false) return failure("bad_request", "mid is not whole Unicode text.");
  if (ref && !(ref.kind.isWellFormed() && ref.mid.isWellFormed())) {
    return failure("bad_request", "ref is not whole Unicode text.");
  }
  return {
    from: session.account.name,
    sender: session.account.id,
    senderId: session.account.publicId,
    mid: mid ?? core.ports.ids.messageId(),
    ts: ts ?? Math.min(Math.max(core.ports.clock.nowMs(), 0), limits.maxTimeMs),
    msg: msg.isWellFormed() ? msg : msg.toWellFormed(),
    ...(ref && { ref }),
    // Without a `mid` of its own a client could not tell which message is meant.
    ...(session.grant.outcomes && mid !== undefined && { reported: true }),
  };
}

/** JSON writes a control character as six bytes; nothing takes more per UTF-16 unit. */
const worstBytesPerUnit = 6;
