import assert from "node:assert/strict";
import { panelActions } from "../../../../extension/chat/panel-actions.ts";
import { acceptKey, connectDirectly, safetyNumber } from "../../../../protocol/api/direct.ts";
import { blockUser, mute, signIn } from "../../../../protocol/api/session.ts";
import { withApp, rightPin } from "../commands/app-stand-in.ts";
import { everyone, message, person, settled } from "../stand-ins.ts";

async function atPanel() {
  const { app: app, daemon, prompter } = await withApp();
  return { actions: panelActions(app), daemon, who: prompter };
}

describe("What a chat panel asks for", () => {
  it("is one of the commands, about the person of that panel", async () => {
    const { actions, daemon, who } = await atPanel();
    who.pick = "Block alice";
    daemon.answer(blockUser, () => ({ ok: true }));
    daemon.answer(mute, () => ({ ok: true }));
    for (const action of ["verify", "connectDirectly", "block", "mute"] as const) actions.act(action, person("alice"));
    await settled();
    assert.deepEqual(daemon.askedFor(safetyNumber.method), [{ user: "alice" }]);
    assert.deepEqual(daemon.askedFor(connectDirectly.method), [{ user: "alice" }]);
    assert.deepEqual(daemon.askedFor(blockUser.method), [{ user: "alice" }]);
    assert.deepEqual(daemon.askedFor(mute.method), [{ conversation: "user:alice", muted: true }]);
    assert.deepEqual(who.lists, ["Block alice?"]);
  });

  it("is to sign in here as whoever was signed in, with the password that is kept", async () => {
    const { app: app, daemon } = await withApp();
    const bob = { user: "bob", server: "127.0.0.1:8765" };
    await app.credentials.rememberPassword(bob, "right");
    panelActions(app).act("signInHere", person("alice"));
    await settled();
    const [asked] = daemon.askedFor(signIn.method);
    assert.deepEqual(asked, { ...bob, password: "right", pin: rightPin });
  });

  it("does nothing that needs one person where everyone is written to", async () => {
    const { actions, daemon } = await atPanel();
    const before = daemon.asked.length;
    for (const action of ["verify", "connectDirectly", "block", "unblock", "acceptKey"] as const) {
      actions.act(action, everyone);
    }
    await settled();
    assert.equal(daemon.asked.length, before);
  });

  it("accepts a new key only with the person's word, and only the one that was shown", async () => {
    const { actions, daemon, who } = await atPanel();
    daemon.answer(acceptKey, () => ({ ok: true }));
    const changed = "B".repeat(43);
    const contact = person("alice", { key: { pin: "A".repeat(43), verified: true, changed } });
    actions.act("acceptKey", contact);
    await settled();
    assert.deepEqual(daemon.askedFor(acceptKey.method), []);
    who.agrees = true;
    actions.act("acceptKey", contact);
    await settled();
    assert.deepEqual(daemon.askedFor(acceptKey.method), [{ user: "alice", key: changed }]);
    assert.ok(who.confirmed[0]?.includes("another way"));
  });

  it("deletes a message only with the person's word", async () => {
    const { actions, who } = await atPanel();
    assert.equal(await actions.confirmDeletion(message(1, { text: "oops" })), false);
    who.agrees = true;
    assert.equal(await actions.confirmDeletion(message(1, { text: "oops" })), true);
    assert.match(who.confirmed[0] ?? "", /Delete this message\? “oops” is taken back/);
  });

  it("says which characters are not seen before they are taken over, and takes closing the question for a no", async () => {
    const { actions, who } = await atPanel();
    who.decisions.push("Without Hidden Characters", "As It Is");
    const kinds = ["U+202E", "U+2066"];
    const answers = [
      await actions.chooseHidden(kinds),
      await actions.chooseHidden(kinds),
      await actions.chooseHidden(kinds),
    ];
    assert.deepEqual(answers, ["removed", "kept", undefined]);
    assert.match(who.decided[0]?.detail ?? "", /^U\+202E, U\+2066\n/);
  });
});
