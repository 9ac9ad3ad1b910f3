// Signs in again with the kept password, if the person agreed to keep it, when the daemon reports that the session ended
// because its token is no longer valid. Tried once; if several windows try, the daemon accepts one of them. Never after a
// sign-out, nor after a sign-in at another place.

import { sameAccount } from "../../protocol/api/model.ts";
import type { Account, SessionState } from "../../protocol/api/model.ts";
import { signIn } from "../../protocol/api/session.ts";
import type { Daemon } from "../daemon-client/port.ts";
import type { Log } from "../ui/log.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import type { Disposable } from "../ui/signal.ts";
import type { Credentials } from "./credentials.ts";

const expired: ReadonlySet<string> = new Set(["bad_credentials", "not_authenticated"]);

export function signInAutomatically(
  store: SessionStore,
  daemon: Daemon,
  credentials: Credentials,
  log: Log,
): Disposable {
  let attempted = false;
  const attempt = async (session: SessionState): Promise<void> => {
    if (session.state === "connected") attempted = false;
    if (session.state !== "signedOut" || session.elsewhere === true || session.account === undefined) return;
    if (attempted || session.code === undefined || !expired.has(session.code)) return;
    attempted = true;
    const { account } = session;
    const password = await credentials.password(account);
    if (password === undefined || !isStillOut(store.session, account)) return;
    const outcome = await daemon.request(signIn, { ...account, password, renewal: true });
    log.info(outcome.ok ? "signed in again with the remembered password" : `not signed in again: ${outcome.code}`);
    if (!outcome.ok && outcome.code === "bad_credentials") await credentials.forgetPassword(account);
  };
  return store.sessionTold.on((session) => void attempt(session));
}

/** Whether nobody has signed in, with this account or another, while the password was being read. */
function isStillOut(session: SessionState | undefined, account: Account): boolean {
  return session?.state === "signedOut" && session.account !== undefined && sameAccount(session.account, account);
}
