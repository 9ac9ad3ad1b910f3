// Performs the effects of the core on the server's link and in the views.

import { historyChanged } from "../../protocol/api/removal.ts";
import { contactsChanged, messagesChanged, sessionChanged, tell } from "../../protocol/api/notifications.ts";
import type { MessageId } from "../../protocol/ids.ts";
import { errorTable, failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { broadcast, message, signal } from "../../protocol/wire/messages.ts";
import type { Effect } from "../core/effects.ts";
import type { CoreEvent } from "../core/inputs.ts";
import type { Views } from "../windows/views.ts";
import type { ServerLink } from "../connection/server-link.ts";
import type { Direct } from "../peer/direct.ts";
import type { EffectHandlers } from "./engine.ts";

export interface EffectHandlerDeps {
  readonly views: Views;
  link(): ServerLink | undefined;
  readonly direct: Pick<Direct, "message" | "signal" | "contactsChanged" | "pinOf">;
  occur(occurrence: CoreEvent): void;
  turnedUp(name: string): void;
}

export function createEffectHandlers(parts: EffectHandlerDeps): EffectHandlers {
  const { views } = parts;
  return {
    transmit: (effect) => void transmit(parts, effect),
    signalRead: ({ to, upTo, link }) => {
      const params = { to, kind: "read", upto: upTo } as const;
      if (link === undefined) void parts.link()?.request(signal, params);
      else parts.direct.signal(link, params);
    },
    announce: ({ text }) => views.announce(text),
    lookUp: ({ name }) => parts.turnedUp(name),
    sessionChanged: ({ session }) => views.broadcast(sessionChanged, { session }),
    contactsChanged: ({ changed, removed }) => {
      views.broadcast(contactsChanged, { changed: [...changed], removed: [...removed] });
      parts.direct.contactsChanged(changed);
    },
    messagesChanged: ({ messages }) => views.broadcast(messagesChanged, { messages: [...messages] }),
    tell: ({ window, message: told, title, named, reaction }) =>
      views.to(window, tell, { message: told, title, named, ...(reaction && { reaction }) }),
    historyChanged: ({ conversation }) =>
      views.broadcast(historyChanged, conversation === undefined ? {} : { conversation }),
  };
}

/** The text may come from the recipient, through a server that passes it on: the text for the code is this program's own. */
const byServer = ({ code }: Failure): Failure => failure(code);

/** The other person's program may only judge its own message: its answer says nothing about the session or the server. */
function byPeer({ code }: Failure): Failure {
  const isForNow = errorTable[code].retryable || code === "not_authenticated";
  return failure(isForNow ? "busy" : "refused");
}

/** A broadcast is not queued for anybody: the person decides whether it is still worth sending. */
const nobodyOnline = failure("offline", "Nobody else was online. Retry when somebody is.");

/**
 * Sends an event. Without an answer it reports nothing: the end of the connection is reported, and the event is sent again.
 */
async function transmit(parts: EffectHandlerDeps, effect: Extract<Effect, { kind: "transmit" }>): Promise<void> {
  const { conversation, to, event } = effect;
  const mid = effect.mid as MessageId;
  const body = { ...event, mid };
  if (effect.link !== undefined && to !== undefined) {
    const via = parts.direct.pinOf(effect.link);
    const answer = await parts.direct.message(effect.link, { to, ...body });
    // The other person's daemon answered: the event is on their disk.
    const done = { ok: true, delivery: "delivered", ...(via === undefined ? {} : { via }) } as const;
    const outcome = answer?.ok === true ? done : answer && byPeer(answer);
    if (outcome) parts.occur({ kind: "answered", conversation, mid, outcome });
    return;
  }
  const link = parts.link();
  if (!link) return;
  if (to === undefined) {
    const answer = await link.request(broadcast, body);
    if (!answer) return;
    const reachedNobody = answer.ok && answer.value.delivered === 0;
    const done = answer.ok ? ({ ok: true, delivery: "delivered" } as const) : byServer(answer);
    const outcome = reachedNobody ? nobodyOnline : done;
    parts.occur({ kind: "answered", conversation, mid, outcome });
    return;
  }
  const answer = await link.request(message, { to, ...body });
  if (!answer) return;
  // A server without the `delivery` field has delivered it, because such a server queues nothing.
  const outcome = answer.ok
    ? ({ ok: true, delivery: answer.value.delivery ?? "delivered" } as const)
    : byServer(answer);
  parts.occur({ kind: "answered", conversation, mid, outcome });
}
