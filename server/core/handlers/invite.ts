// Invitations that members make [P-4.16]: where accounts are made by invitation, whoever has one may bring others, within
// bounds. What was made is in the audit log, as what the operator makes.

import { failure, retryLater } from "../../../protocol/errors.ts";
import { limits } from "../../../protocol/limits.ts";
import type { ParamsOf } from "../../../protocol/wire/declare.ts";
import type { invite } from "../../../protocol/wire/people.ts";
import type { Answer } from "../requests/answer.ts";
import type { Outcome } from "../requests/route.ts";
import type { Services } from "../requests/services.ts";
import type { Session } from "../sessions/session.ts";

const dayMs = 24 * 60 * 60 * 1_000;

const notNeeded = "Nobody needs an invitation here: give others the address of the server, with its pin.";
const operatorsOnly = "On this server only whoever runs it makes invitations. Ask them for one.";
const tooMany = `You have ${limits.maxMemberInvites} open invitations. Wait until one is used up or too old, or ask whoever runs the server.`;
const tooManyUses = `Your open invitations are good for ${limits.maxMemberInviteUses} accounts at most, all together. Make one for fewer, wait until they are used or too old, or ask whoever runs the server.`;
const tooManyNew = `You can invite ${limits.maxNewInviteUses} accounts in 24 hours. Make an invitation for fewer, wait, or ask whoever runs the server.`;

export function handleInvite(core: Services, session: Session, params: ParamsOf<typeof invite>): Outcome {
  const { registration, membersInvite = true } = core.options;
  if (registration === "closed") return failure("registration_closed");
  if (registration === "open") return failure("denied", notNeeded);
  return membersInvite ? make(core, session, params) : failure("denied", operatorsOnly);
}

async function make(
  core: Services,
  { account }: Session,
  { uses = 1, days = limits.defaultInviteDays }: ParamsOf<typeof invite>,
): Promise<Answer> {
  const lifeMs = days * dayMs;
  const made = await core.ports.accounts.invite(account, uses, lifeMs);
  if (made === "failed") return failure("unavailable");
  if (made === "too_many") return failure("rate_limited", tooMany);
  if (made === "too_many_uses") return failure("rate_limited", tooManyUses);
  if ("waitMs" in made) return retryLater("rate_limited", made.waitMs, tooManyNew);
  return { ok: true, added: { invite: made.code, expires: core.ports.clock.nowMs() + lifeMs } };
}
