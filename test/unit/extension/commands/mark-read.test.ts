import assert from "node:assert/strict";
import { runMarkAllRead, runMarkRead } from "../../../../extension/commands/mark-read.ts";
import { failure } from "../../../../protocol/errors.ts";
import { contactsChanged } from "../../../../protocol/api/notifications.ts";
import { markRead } from "../../../../protocol/conversations/kinds/read-mark.ts";
import { person } from "../stand-ins.ts";
import { withApp } from "./app-stand-in.ts";

const upTo = Number.MAX_SAFE_INTEGER;

describe("Marking as read", () => {
  it("is for one conversation, or for all that have something unread", async () => {
    const { app: app, daemon } = await withApp();
    daemon.answer(markRead, () => ({ ok: true }));
    const changed = [person("zoe", { unread: 2, muted: true }), person("max", { unread: 1 }), person("eve")];
    daemon.tell(contactsChanged, { changed, removed: [] });
    assert.deepEqual(await runMarkRead(app, "max"), { ok: true });
    assert.deepEqual(daemon.askedFor(markRead.method), [{ conversation: "user:max", upTo }]);
    daemon.asked.splice(0);
    assert.deepEqual(await runMarkAllRead(app), { ok: true });
    assert.deepEqual(daemon.askedFor(markRead.method), [
      { conversation: "user:zoe", upTo },
      { conversation: "user:max", upTo },
    ]);
  });

  it("says why not", async () => {
    const { app: app, daemon } = await withApp();
    daemon.answer(markRead, () => failure("unavailable"));
    daemon.tell(contactsChanged, { changed: [person("max", { unread: 1 })], removed: [] });
    assert.equal((await runMarkAllRead(app)).ok, false);
  });
});
