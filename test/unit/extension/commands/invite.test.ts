import assert from "node:assert/strict";
import { runInvite } from "../../../../extension/commands/invite.ts";
import { makeInvitation } from "../../../../protocol/api/session.ts";
import { failure } from "../../../../protocol/errors.ts";
import { withApp } from "./app-stand-in.ts";

describe("Invite People", () => {
  const made = { link: "vscode://x/join?server=s&invite=c", server: "chat://s:1", invite: "c", local: false };
  const expiresAtMs = Date.UTC(2026, 5, 15, 12);

  it("copies a link for one account, and says until when it is good", async () => {
    const { app: app, daemon, prompter, copied } = await withApp();
    daemon.answer(makeInvitation, ({ uses = 1 }) => ({ ok: true, ...made, uses, expiresAtMs }));
    assert.equal((await runInvite(app)).ok, true);
    assert.deepEqual(copied, [made.link]);
    assert.match(prompter.told[0] ?? "", /invitation link for one account, good until .*2026.*a way that you trust\.$/);
    assert.deepEqual(daemon.askedFor(makeInvitation.method), [{}]);
  });

  it("takes how many and how long from whoever calls it, and says where an address is of no use", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(makeInvitation, ({ uses = 1 }) => ({ ok: true, ...made, uses, expiresAtMs, local: true }));
    await runInvite(app, { uses: 5, days: 2 });
    assert.deepEqual(daemon.askedFor(makeInvitation.method), [{ uses: 5, days: 2 }]);
    assert.match(prompter.told[0] ?? "", /link for 5 accounts.*this machine itself/);
  });

  it("offers the address of the server where nobody needs an invitation", async () => {
    const { app: app, daemon, prompter, copied } = await withApp();
    daemon.answer(makeInvitation, () => failure("denied", "Nobody needs an invitation here."));
    prompter.press = "Copy Server Address";
    assert.equal((await runInvite(app)).ok, false);
    assert.deepEqual(
      [prompter.told, prompter.buttons],
      [["Nobody needs an invitation here."], [["Copy Server Address"]]],
    );
    assert.deepEqual(copied, ["127.0.0.1:8765"]);
  });
});
