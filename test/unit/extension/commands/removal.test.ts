import assert from "node:assert/strict";
import { runDeleteConversation } from "../../../../extension/commands/removal.ts";
import { deleteConversation } from "../../../../protocol/api/removal.ts";
import { sessionChanged } from "../../../../protocol/api/notifications.ts";
import { failure } from "../../../../protocol/errors.ts";
import { everyone, person } from "../stand-ins.ts";
import { withApp } from "./app-stand-in.ts";

const row = (contact: unknown): unknown => ({ kind: "contact", contact });

describe("Delete Conversation", () => {
  it("says what is deleted and what stays with others, and does nothing without a yes", async () => {
    const { app: app, daemon, prompter } = await withApp();
    for (const contact of [person("alice"), everyone]) {
      assert.equal((await runDeleteConversation(app, row(contact))).ok, false);
    }
    assert.match(
      prompter.confirmed[0] ?? "",
      /with alice on this machine\? .*cannot be brought back\. alice keeps theirs/,
    );
    assert.match(prompter.confirmed[1] ?? "", /sent to everyone, on this machine\? .*Others keep theirs/);
    assert.deepEqual(daemon.askedFor(deleteConversation.method), []);
  });

  it("deletes with a yes, also by a name or by choice, and tells what may be left", async () => {
    const { app: app, daemon, prompter } = await withApp();
    prompter.agrees = true;
    daemon.answer(deleteConversation, () => ({ ok: true, remains: ["/home/me/history.db.corrupt-2026"] }));
    for (const given of [row(person("alice")), "alice", { name: "ALICE" }]) {
      assert.equal((await runDeleteConversation(app, given)).ok, true);
    }
    assert.deepEqual(daemon.askedFor(deleteConversation.method), Array(3).fill({ conversation: "user:alice" }));
    assert.match(prompter.mentioned[0] ?? "", /Deleted the conversation with alice/);
    assert.match(prompter.told[0] ?? "", /files of this account may hold it still: .*corrupt-2026/);
  });

  it("says why it could not be done, and deletes nothing of an account that was switched to meanwhile", async () => {
    const { app: app, daemon, prompter } = await withApp();
    prompter.agrees = true;
    daemon.answer(deleteConversation, () => failure("unavailable", "The disk is full."));
    assert.equal((await runDeleteConversation(app, "alice")).ok, false);
    assert.match(prompter.told[0] ?? "", /The disk is full/);
    const other = { user: "other", server: "s:1" };
    prompter.confirm = () => {
      daemon.tell(sessionChanged, { session: { state: "connected", account: other } });
      return Promise.resolve(true);
    };
    assert.equal((await runDeleteConversation(app, "alice")).ok, false);
    assert.equal(daemon.askedFor(deleteConversation.method).length, 1);
  });
});
