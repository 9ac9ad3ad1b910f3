// Opening, keeping and ending a session, and making an account [P-4.1, P-4.7, P-4.9, P-4.10].

import { failure } from "../../../protocol/errors.ts";
import { limits } from "../../../protocol/limits.ts";
import type { ParamsOf } from "../../../protocol/messages/declare.ts";
import type { auth, register } from "../../../protocol/messages/session.ts";
import { checkName, keyOfName } from "../../../protocol/names.ts";
import { ok } from "../answer.ts";
import type { Answer } from "../answer.ts";
import type { Connection } from "../connection.ts";
import { countOne } from "../counters.ts";
import type { Verdict } from "../guard.ts";
import type { Account, Grant, Passwords } from "../ports.ts";
import type { Outcome } from "../route.ts";
import type { Services } from "../services.ts";
import type { Session } from "../session.ts";

type AuthParams = ParamsOf<typeof auth>;

export function handleAuth(core: Services, connection: Connection, params: AuthParams): Outcome {
  const { username, password, token } = params;
  if (password !== undefined && username !== undefined) {
    return authenticate(core, connection, params, username, password);
  }
  if (token !== undefined) return resume(core, connection, params, token);
  return failure("bad_request", "auth needs a username with a password, or a token. See docs/protocol.md.");
}

/** Refuses an unknown name and a wrong password alike, after the same time. */
async function authenticate(
  core: Services,
  connection: Connection,
  params: AuthParams,
  username: string,
  password: string,
): Promise<Answer> {
  const { accounts, clock, passwords, tokens } = core.ports;
  const account = accounts.find(username);
  const stored = account && accounts.passwordOf(account);
  const attempt = core.guard.admit(`${keyOfName(username)} ${stored ?? ""}`, connection.address, clock.monotonicMs());
  if (!attempt) return failure("throttled");
  let verdict: Awaited<ReturnType<Passwords["check"]>> | "unknown" = "unknown";
  try {
    verdict = await passwords.check(password, stored, {
      kind: account ? "known" : "unknown",
      group: connection.address,
    });
  } finally {
    attempt(outcomeOf(verdict), clock.monotonicMs());
  }
  if (verdict === "busy") return failure("busy");
  if (verdict === "wrong" || !account || stored === undefined) return failure("bad_credentials");
  // The account may have been removed, and the client may have left, while the password was checked.
  if (connection.gone || accounts.get(account.id) === undefined) return failure("bad_credentials");
  const grant = grantOf(account, connection, params);
  const issued = await tokens.issue(grant, stored);
  if (issued === "failed") {
    // Another password by now, or the same stored anew: that one counts.
    if (accounts.passwordOf(account) !== stored) return authenticate(core, connection, params, username, password);
    return failure("unavailable");
  }
  if (verdict === "outdated") void storeAnew(core, account, stored, password);
  return opened(core, connection, { account, grant, params, ...issued });
}

function outcomeOf(verdict: "right" | "outdated" | "wrong" | "busy" | "unknown"): Verdict {
  if (verdict === "wrong") return verdict;
  return verdict === "right" || verdict === "outdated" ? "right" : "unknown";
}

/** At today's cost. Where that cannot be done now, the next login tries again. */
async function storeAnew(core: Services, account: Account, before: string, password: string): Promise<void> {
  try {
    const phc = await core.ports.passwords.hash(password, { kind: "new", group: "" });
    if (phc !== undefined) core.ports.accounts.rehash(account, before, phc);
  } catch (error) {
    core.ports.log.error("password_not_stored_anew", { user: account.name, error: String(error) });
  }
}

function resume(core: Services, connection: Connection, params: AuthParams, token: string): Answer {
  const found = core.ports.tokens.find(token);
  const account = found && core.ports.accounts.get(found.grant.account);
  const named = params.username === undefined || (account && keyOfName(params.username) === account.key);
  if (!account || named !== true) {
    return failure("bad_credentials", "That token is wrong or has ended. Sign in with the password.");
  }
  const grant = grantOf(account, connection, params);
  core.ports.tokens.renew(found.hash, grant);
  return opened(core, connection, { account, grant, params, token, hash: found.hash });
}

function grantOf(account: Account, connection: Connection, params: AuthParams): Grant {
  return {
    account: account.id,
    address: connection.address,
    port: params.port,
    device: params.device,
    presence: params.presence === true,
    acks: params.acks === true,
    outcomes: params.outcomes === true,
    plain: !connection.secure && connection.peerKey === undefined,
  };
}

interface Admitted {
  readonly account: Account;
  readonly grant: Grant;
  readonly params: AuthParams;
  readonly token: string;
  readonly hash: string;
}

function opened(core: Services, connection: Connection, admitted: Admitted): Answer {
  const { account, grant, token, hash } = admitted;
  const { client, addresses } = admitted.params;
  countOne(core.counters.signIns, "ok");
  const session = core.sessions.open(account, grant, hash, connection, addresses);
  if (core.sessions.isNews(session)) {
    core.ports.log.info("authenticated", { user: account.name, address: grant.address, device: grant.device, client });
  }
  return {
    ok: true,
    added: {
      token,
      alive: limits.sessionSilenceMs / 1_000,
      server: core.options.server,
      username: account.name,
      account: account.publicId,
    },
    afterwards: () => core.sessions.start(session),
  };
}

export async function handleRegister(
  core: Services,
  _connection: Connection,
  params: ParamsOf<typeof register>,
): Promise<Answer> {
  const { registration } = core.options;
  if (registration === "closed") return failure("registration_closed");
  const { invite } = params;
  if (registration === "invite") {
    if (invite === undefined) return failure("bad_invite", invitationNeeded);
    // Before the password is hashed: without an invitation nobody makes the server work.
    if (!(await core.ports.accounts.isInvited(invite))) return failure("bad_invite");
  }
  const name = checkName(params.username);
  if (!name.ok) return failure("bad_name", name.reason);
  if (core.ports.accounts.find(name.name)) return failure("name_taken");
  return createAccount(core, name, params.password, registration === "invite" ? invite : undefined);
}

const invitationNeeded = "This server takes new accounts by invitation only. Ask whoever runs it for one.";

async function createAccount(
  core: Services,
  { name, key }: Pick<Account, "name" | "key">,
  password: string,
  invite: string | undefined,
): Promise<Answer> {
  const phc = await core.ports.passwords.hash(password, { kind: "new", group: "" });
  if (phc === undefined) return failure("busy");
  const created = await core.ports.accounts.create({ name, key, skeleton: key, password: phc }, invite);
  if (created === "written") return ok;
  if (created === "failed") return failure("unavailable");
  return failure(created === "bad_invite" ? "bad_invite" : "name_taken");
}

export async function handleLogout(core: Services, session: Session): Promise<Answer> {
  const revoked = await core.ports.tokens.revoke(session.hash);
  if (revoked === "failed") return failure("unavailable");
  // Its client may have opened it anew with that token meanwhile.
  const now = core.sessions.get(session.account.id);
  if (now?.hash === session.hash) core.sessions.end(now);
  return ok;
}

export function handleAlive(): Answer {
  return ok;
}
