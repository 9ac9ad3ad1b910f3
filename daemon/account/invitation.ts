// An invitation for somebody who has no account yet: the server makes the code, and what leads to the server is the address
// that this daemon reaches it by, with the key that it has.

import { isLoopback } from "../../protocol/ip/loopback.ts";
import type { Outcome, ResultOf } from "../../protocol/api/declare.ts";
import type { makeInvitation as declared } from "../../protocol/api/session.ts";
import { failure } from "../../protocol/errors.ts";
import { joinLink } from "../../protocol/join-link.ts";
import { parseServerAddress } from "../connection/server-address.ts";
import type { ContactSync } from "../contacts/contact-sync.ts";
import type { Engine } from "../engine/engine.ts";
import type { ServerTrust } from "./server-trust.ts";

export interface InvitationParts {
  readonly engine: Engine;
  readonly people: Pick<ContactSync, "invite">;
  readonly trust: Pick<ServerTrust, "addressOf">;
}

const olderServer = failure(
  "unknown_type",
  "The server is of an older version, where members do not invite. Ask whoever runs it for an invitation.",
);

export async function makeInvitation(
  { engine, people, trust }: InvitationParts,
  { uses = 1, days }: { readonly uses?: number | undefined; readonly days?: number | undefined },
): Promise<Outcome<ResultOf<typeof declared>>> {
  const { session } = engine.state;
  if (!("account" in session)) return failure("not_authenticated", "Sign in first.");
  const { server } = session.account;
  const answer = await people.invite({ uses, ...(days !== undefined && { days }) });
  if (!answer.ok) return answer.code === "unknown_type" ? olderServer : answer;
  const { invite, expires } = answer.value;
  const address = trust.addressOf(server);
  const link = joinLink(address, invite);
  return { ok: true, link, server: address, invite, uses, expiresAtMs: expires, local: isHere(server) };
}

function isHere(server: string): boolean {
  const address = parseServerAddress(server);
  return typeof address !== "string" && (address.host === "localhost" || isLoopback(address.host));
}
