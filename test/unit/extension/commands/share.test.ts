import assert from "node:assert/strict";
import { runSendSelection, runShare } from "../../../../extension/commands/share.ts";
import { send } from "../../../../protocol/conversations/kinds/text.ts";
import { person, settled } from "../stand-ins.ts";
import { withApp } from "./app-stand-in.ts";

describe("What is dropped on a contact", () => {
  it("goes into the composer, and is not sent by that", async () => {
    const { app: app, daemon, opened, openedAt } = await withApp();
    assert.deepEqual(runShare(app, person("alice"), { ok: true, text: "```\nx\n```\n" }), { ok: true });
    assert.deepEqual([opened, openedAt], [[["user:alice", "alice"]], [{ insert: "```\nx\n```\n" }]]);
    assert.deepEqual(daemon.askedFor(send.method), []);
  });

  it("is refused in words where it cannot be a message", async () => {
    const { app: app, opened, prompter } = await withApp();
    runShare(app, person("alice"), { ok: false, reason: "a.png is not a text file." });
    assert.deepEqual([opened, prompter.told], [[], ["a.png is not a text file."]]);
  });
});

describe("Send Selection to Contact", () => {
  it("puts the selection of the editor into the composer of whom it names, or asks", async () => {
    const { app: app, daemon, prompter, opened, openedAt } = await withApp();
    assert.deepEqual(await runSendSelection(app, "alice"), { ok: true });
    prompter.pick = "Everyone";
    // What the menu of an editor gives to its commands.
    assert.deepEqual(await runSendSelection(app, { scheme: "file", path: "/a.ts" }), { ok: true });
    assert.deepEqual(opened, [
      ["user:alice", "alice"],
      ["everyone", ""],
    ]);
    assert.deepEqual(openedAt, [{ insert: "```\nlet a;\n```\n" }, { insert: "```\nlet a;\n```\n" }]);
    assert.ok(!prompter.offered.some(({ label }) => label === "Mallory"));
    assert.deepEqual(daemon.askedFor(send.method), []);
  });

  it("says so where nothing is selected, or nobody has that name", async () => {
    const { app: app, opened, prompter } = await withApp();
    const none = { ...app, selection: () => ({ ok: false, reason: "Nothing is selected." }) as const };
    assert.equal((await runSendSelection(none, "alice")).ok, false);
    assert.equal((await runSendSelection(app, "nobody")).ok, false);
    await settled();
    assert.equal(prompter.told[0], "Nothing is selected.");
    assert.deepEqual([opened, prompter.told.length], [[], 2]);
  });
});
