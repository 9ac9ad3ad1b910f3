import assert from "node:assert/strict";
import { signInAutomatically } from "../../../../extension/account/automatic-sign-in.ts";
import type { SessionState } from "../../../../protocol/api/model.ts";
import { sessionChanged } from "../../../../protocol/api/notifications.ts";
import { signIn } from "../../../../protocol/api/session.ts";
import { failure } from "../../../../protocol/errors.ts";
import { withApp } from "../commands/app-stand-in.ts";
import { settled, silentLog } from "../stand-ins.ts";

const bob = { user: "bob", server: "127.0.0.1:8765" };
const expired: SessionState = { state: "signedOut", account: bob, code: "bad_credentials", reason: "Expired." };

/** @param password that this machine keeps */
async function afterward(password?: string) {
  const { app: app, daemon, store: store, credentials } = await withApp();
  if (password !== undefined) await credentials.rememberPassword(bob, password);
  signInAutomatically(store, daemon, credentials, silentLog);
  const end = async (session: SessionState): Promise<void> => {
    daemon.tell(sessionChanged, { session });
    await settled();
  };
  return { app: app, daemon, credentials, end, tried: () => daemon.askedFor(signIn.method) };
}

describe("A session that the server does not take up again", () => {
  it("is opened with the password that is kept, once", async () => {
    const { end, tried } = await afterward("right");
    await end(expired);
    assert.deepEqual(tried(), [{ ...bob, password: "right", renewal: true }]);
    await end(expired);
    assert.equal(tried().length, 1);
  });

  it("stays closed where no password is kept, after a sign-out, and after a sign-in at another place", async () => {
    const { end, tried } = await afterward();
    await end(expired);
    assert.deepEqual(tried(), []);
    const kept = await afterward("right");
    await kept.end({ state: "signedOut" });
    await kept.end({ ...expired, elsewhere: true });
    assert.deepEqual(kept.tried(), []);
  });

  it("stays closed where somebody signs in while the password is looked up", async () => {
    const { daemon, end, tried } = await afterward("right");
    const erin: SessionState = { state: "connected", account: { ...bob, user: "erin" } };
    daemon.tell(sessionChanged, { session: expired });
    await end(erin);
    assert.deepEqual(tried(), []);
  });

  it("takes a wrong password out of what this machine keeps", async () => {
    const { daemon, credentials, end } = await afterward("wrong");
    daemon.answer(signIn, () => failure("bad_credentials"));
    await end(expired);
    assert.equal(await credentials.password(bob), undefined);
  });
});
