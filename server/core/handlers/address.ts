// Returns the address of a person's own listener, with that person's consent only [P-4.8].

import { failure, retryLater } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import { limits } from "../../../protocol/limits.ts";
import { crowded, deniedBefore, unanswered, unansweredBefore } from "../../../protocol/text/sentences.ts";
import type { PendingRequest } from "../requests/pending-request.ts";
import type { Answer } from "../requests/answer.ts";
import type { Consent } from "../sessions/consents.ts";
import type { Services } from "../requests/services.ts";
import type { Session } from "../sessions/session.ts";
import { recipient } from "./messages.ts";

export function handleAddress(
  core: Services,
  session: Session,
  params: { target: string },
  ask: PendingRequest,
): Failure | undefined {
  const account = recipient(core, session, params.target);
  if ("code" in account) return account;
  if (account.id === session.account.id) return failure("bad_request", "target is yourself. Name somebody else.");
  const target = core.sessions.get(account.id);
  if (!target) return failure("offline");
  // Do not ask the person if there is no listener, and will be none.
  if (target.grant.port === undefined && !target.direct) return failure("no_listener");
  core.consents.ask(target, session, (consent) => {
    ask.answer(addressAnswer(consent, core.sessions.get(account.id)));
  });
  return undefined;
}

/** @param target the session at the time of the answer; it may not be the one that was asked */
function addressAnswer(consent: Consent, target: Session | undefined): Answer {
  if (consent.kind === "held") {
    return retryLater("denied", consent.leftMs, consent.refused === "denied" ? deniedBefore : unansweredBefore);
  }
  if (consent.kind === "crowded") return retryLater("rate_limited", limits.consentMs, crowded);
  if (consent.kind === "denied") return failure("denied");
  if (consent.kind === "unanswered") return failure("denied", unanswered);
  if (consent.kind === "offline" || !target) return failure("offline");
  const { addresses, deviceKey, grant } = target;
  if (grant.port === undefined) return failure("no_listener");
  const port = String(grant.port);
  const places = addresses.map((ip) => ({ ip, port }));
  const named = places.length === 0 ? undefined : places;
  return { ok: true, added: { ip: grant.address, port, key: deviceKey, addresses: named } };
}
