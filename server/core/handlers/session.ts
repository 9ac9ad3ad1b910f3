// Opening, keeping and ending a session [P-4.1, P-4.7, P-4.9].

import { failure, retryLater } from "../../../protocol/errors.ts";
import { limits } from "../../../protocol/limits.ts";
import type { ParamsOf } from "../../../protocol/wire/declare.ts";
import type { auth } from "../../../protocol/wire/session.ts";
import { keyOfName } from "../../../protocol/names.ts";
import { addressGroup } from "../limits/address-group.ts";
import { ok } from "../requests/answer.ts";
import type { Answer } from "../requests/answer.ts";
import type { Connection } from "../requests/connection.ts";
import { countOne } from "../counters.ts";
import type { Admission, Attempt, Verdict } from "../limits/login-throttle.ts";
import type { Account, Grant, PasswordTurn, Passwords } from "../ports.ts";
import type { Outcome } from "../requests/route.ts";
import type { Services } from "../requests/services.ts";
import type { Session } from "../sessions/session.ts";

export { handleRegister } from "./register.ts";

type AuthParams = ParamsOf<typeof auth>;

export function handleAuth(core: Services, connection: Connection, params: AuthParams): Outcome {
  const { username, password, token } = params;
  if (password !== undefined && username !== undefined) {
    return authenticate(core, connection, params, username, password);
  }
  if (token !== undefined) return resume(core, connection, params, token);
  return failure("bad_request", "auth needs a username with a password, or a token. See docs/protocol.md.");
}

/** Refuses an unknown name and a wrong password in the same way, after the same work in the same queue. */
async function authenticate(
  core: Services,
  connection: Connection,
  params: AuthParams,
  username: string,
  password: string,
): Promise<Answer> {
  const { accounts, clock, tokens } = core.ports;
  const account = accounts.find(username);
  const stored = account && accounts.passwordOf(account);
  const attempt = attemptOf(core, connection, username, account);
  const admission = await admitted(core, connection, attempt);
  if (!admission.ok) return retryLater("throttled", admission.retryAfterMs);
  const turn = turnOf(connection, admission.known ? "known" : "unknown");
  let verdict: Checked | "unknown" = "unknown";
  try {
    verdict = await checked(core, attempt, password, turn);
  } finally {
    admission.end(outcomeOf(verdict), clock.monotonicMs());
  }
  if (verdict === "busy") return failure("busy");
  if (verdict === "wrong" || !account || stored === undefined) return failure("bad_credentials");
  // While the password was checked, the account may have been removed, and the client may have left.
  if (connection.gone || accounts.get(account.id) === undefined) return failure("bad_credentials");
  const grant = grantOf(account, connection, params);
  const issued = await tokens.issue(grant, stored);
  if (issued === "failed") {
    // The password was changed, or stored again at another cost, meanwhile: check against that one.
    if (accounts.passwordOf(account) !== stored) return authenticate(core, connection, params, username, password);
    return failure("unavailable");
  }
  if (verdict === "outdated") void upgradeHash(core, account, stored, password, turn);
  return opened(core, connection, { account, grant, params, ...issued });
}

/** Waits while the decision depends on other attempts of the same person that are being checked: all may be right. */
async function admitted(core: Services, connection: Connection, attempt: Attempt): Promise<Admission> {
  for (;;) {
    const admission = core.guard.admit(attempt, core.ports.clock.monotonicMs());
    if (admission.ok || !admission.undecided) return admission;
    await admission.undecided;
    if (connection.gone) return admission;
  }
}

type Checked = Awaited<ReturnType<Passwords["check"]>>;

/**
 * An unknown name costs what somebody's would, and no password is right for it, not even that of the account that stands
 * in.
 */
async function checked(
  { ports: { accounts, passwords } }: Services,
  { key, account, stored }: Attempt,
  password: string,
  turn: PasswordTurn,
): Promise<Checked> {
  const found = await passwords.check(password, stored ?? accounts.anyPassword(key), turn);
  return account === undefined && found !== "busy" ? "wrong" : found;
}

function attemptOf(
  { ports: { accounts, devices, tokens } }: Services,
  { address, peerKey }: Connection,
  username: string,
  account: Account | undefined,
): Attempt {
  const isKnown = account !== undefined && peerKey !== undefined && devices.knows(account.id, peerKey);
  return {
    key: keyOfName(username),
    account: account?.id,
    stored: account && accounts.passwordOf(account),
    address,
    deviceKey: isKnown ? peerKey : undefined,
    lastAddress: account && tokens.of(account.id)?.address,
  };
}

function turnOf(connection: Connection, kind: PasswordTurn["kind"]): PasswordTurn {
  return { kind, group: addressGroup(connection.address), gone: () => connection.gone };
}

function outcomeOf(verdict: Checked | "unknown"): Verdict {
  if (verdict === "wrong") return verdict;
  return verdict === "right" || verdict === "outdated" ? "right" : "unknown";
}

/** Stores the password at today's cost. If that cannot be done now, the next login tries again. */
async function upgradeHash(
  core: Services,
  account: Account,
  before: string,
  password: string,
  { kind, group }: PasswordTurn,
): Promise<void> {
  try {
    const phc = await core.ports.passwords.hash(password, { kind, group });
    if (phc !== undefined) core.ports.accounts.rehash(account, before, phc);
  } catch (error) {
    core.ports.log.error("password_not_stored_anew", { user: account.name, error: String(error) });
  }
}

function resume(core: Services, connection: Connection, params: AuthParams, token: string): Answer {
  const { accounts, tokens } = core.ports;
  const found = tokens.find(token);
  const account = found && accounts.get(found.grant.account);
  const isNamed = params.username === undefined || accounts.find(params.username)?.id === account?.id;
  if (!account || !isNamed) {
    return failure("bad_credentials", "That token is wrong or has ended. Sign in with the password.");
  }
  const grant = grantOf(account, connection, params);
  tokens.renew(found.hash, grant);
  core.guard.signedIn(account.id, connection.address);
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
  const { client, addresses = [], direct = false } = admitted.params;
  countOne(core.counters.signIns, "ok");
  if (connection.secure && connection.peerKey !== undefined) {
    core.ports.devices.remember(account.id, connection.peerKey);
  }
  const session = core.sessions.open(account, grant, hash, connection, { addresses, direct });
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

export async function handleLogout(core: Services, session: Session): Promise<Answer> {
  const revoked = await core.ports.tokens.revoke(session.hash);
  if (revoked === "failed") return failure("unavailable");
  // Meanwhile its client may have opened it again with that token.
  const now = core.sessions.get(session.account.id);
  if (now?.hash === session.hash) core.sessions.end(now);
  return ok;
}

/** Nothing about it is secret: clients ask before they know whether to trust the server's key. */
export function handlePins(core: Services): Answer {
  return { ok: true, added: { pins: core.options.pins?.() ?? [] } };
}

export function handleAlive(): Answer {
  return ok;
}
