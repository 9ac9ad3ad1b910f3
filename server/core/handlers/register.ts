// Creating an account [P-4.10]. Cheap checks come before the hashing of a password.

import { failure, retryLater } from "../../../protocol/errors.ts";
import type { ParamsOf } from "../../../protocol/wire/declare.ts";
import type { register } from "../../../protocol/wire/session.ts";
import { nameComplaints } from "../../../protocol/names.ts";
import { addressGroup } from "../limits/address-group.ts";
import { ok } from "../requests/answer.ts";
import type { Answer } from "../requests/answer.ts";
import type { Connection } from "../requests/connection.ts";
import { checkNewAccountName, looksLikeAnother } from "../names/new-name.ts";
import type { NewAccountName } from "../names/new-name.ts";
import type { Outcome } from "../requests/route.ts";
import type { Services } from "../requests/services.ts";

type RegisterParams = ParamsOf<typeof register>;

const invitationNeeded = "This server takes new accounts by invitation only. Ask whoever runs it for one.";
const quotaSpent = "Too many accounts were made from your address. Wait a while before you make another one.";

export function handleRegister(core: Services, connection: Connection, params: RegisterParams): Outcome {
  const { registration } = core.options;
  if (registration === "closed") return failure("registration_closed");
  if (registration === "open") return registerOpenly(core, connection, params);
  if (params.invite === undefined) return failure("bad_invite", invitationNeeded);
  return registerInvited(core, connection, params, params.invite);
}

/** Checked before the password is hashed: without an invitation nobody can make the server work. */
async function registerInvited(
  core: Services,
  connection: Connection,
  { username, password }: RegisterParams,
  invite: string,
): Promise<Answer> {
  if (!(await core.ports.accounts.isInvited(invite))) return failure("bad_invite");
  const name = possibleName(core, username);
  return name.ok ? createAccount(core, connection, name, password, invite) : name;
}

/** Nothing else bounds how many accounts are made from one address group. */
async function registerOpenly(core: Services, connection: Connection, params: RegisterParams): Promise<Answer> {
  const { registrations } = core.guard;
  const name = possibleName(core, params.username);
  if (!name.ok) return name;
  const waitMs = registrations.begin(connection.address, core.ports.clock.monotonicMs());
  if (waitMs > 0) return retryLater("rate_limited", waitMs, quotaSpent);
  const answer = await createAccount(core, connection, name, params.password);
  if (!answer.ok && answer.code === "busy") registrations.takeBack(connection.address);
  return answer;
}

function possibleName(core: Services, username: string) {
  const { accounts } = core.ports;
  const checked = checkNewAccountName(username);
  if (!checked.ok) return failure("bad_name", checked.reason);
  if (accounts.find(checked.name)) return failure("name_taken");
  return looksLikeAnother(accounts, checked) ? failure("name_taken", nameComplaints.lookAlike) : checked;
}

async function createAccount(
  core: Services,
  connection: Connection,
  { name, key, skeletons: [skeleton] }: NewAccountName,
  plain: string,
  invite?: string,
): Promise<Answer> {
  const { accounts, passwords } = core.ports;
  const group = addressGroup(connection.address);
  const password = await passwords.hash(plain, { kind: "new", group, gone: () => connection.gone });
  if (password === undefined) return failure("busy");
  switch (await accounts.create({ name, key, skeleton, password }, invite)) {
    case "written": {
      const made = accounts.find(name);
      if (made) core.guard.signedIn(made.id, connection.address);
      return ok;
    }
    case "failed":
      return failure("unavailable");
    case "taken":
      return failure("name_taken");
    case "looks_alike":
      return failure("name_taken", nameComplaints.lookAlike);
    case "bad_invite":
      return failure("bad_invite");
  }
}
