import assert from "node:assert/strict";
import { draft, draftChanged, search, setDraft, setPresence } from "../../../../protocol/api/conversation.ts";
import { failure } from "../../../../protocol/errors.ts";
import { message } from "../stand-ins.ts";
import { account, opened, token } from "./conversation-stand-in.ts";

describe("A conversation that its page asks for something", () => {
  it("has the daemon keep the draft, and says so; a draft of another window comes at once", async () => {
    const { conversation, daemon, last } = await opened();
    daemon.answer(draft, () => ({ ok: true, text: "kept", revision: 4 }));
    daemon.answer(setDraft, () => ({ ok: true, revision: 5 }));
    await conversation.take({ kind: "ready", token, pending: [] });
    assert.deepEqual(last("draft"), { kind: "draft", account, text: "kept", revision: 4 });
    await conversation.take({ kind: "draft", token, account, text: "more" });
    assert.deepEqual(last("draft"), { kind: "draft", account, text: "more", revision: 5, kept: true });
    daemon.tell(draftChanged, { conversation: "user:alice", text: "elsewhere", revision: 6 });
    assert.deepEqual(last("draft"), { kind: "draft", account, text: "elsewhere", revision: 6 });
    await conversation.take({ kind: "draft", token, account: "somebody else", text: "x" });
    assert.equal(daemon.askedFor(setDraft.method).length, 1);
  });

  it("says what was found, or why nothing could be", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.answer(search, () => ({ ok: true, hits: [{ message: message(2) }], next: 2 }));
    await conversation.take({ kind: "find", token, text: "text" });
    assert.deepEqual([last("found").hits.length, last("found").next], [1, 2]);
    daemon.answer(search, () => failure("unavailable", "The daemon is away."));
    await conversation.take({ kind: "find", token, text: "text" });
    assert.equal(last("found").refused, "The daemon is away.");
  });

  it("searches on where there is no hit yet, for a while, and not once another search is wanted", async () => {
    const { conversation, daemon, posted, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    const asked = (): unknown[] => daemon.askedFor(search.method).map((each) => (each as { before?: number }).before);
    daemon.answer(search, ({ before = 9 }) =>
      before > 7 ? { ok: true, hits: [], next: before - 1 } : { ok: true, hits: [{ message: message(2) }] },
    );
    await conversation.take({ kind: "find", token, text: "rare" });
    assert.deepEqual(asked(), [undefined, 8, 7]);
    assert.deepEqual([last("found").hits.length, last("found").next], [1, undefined]);
    daemon.answer(search, ({ before = 100 }) => ({ ok: true, hits: [], next: before - 1 }));
    await conversation.take({ kind: "find", token, text: "nowhere" });
    assert.deepEqual([asked().length, last("found").hits, last("found").next], [33, [], 70]);
    await conversation.take({ kind: "find", token, text: "nowhere", before: 70 });
    assert.equal(last("found").next, 40, "Show more goes on");
    const { promise, resolve } = Promise.withResolvers<undefined>();
    daemon.answer(search, async ({ text }) => {
      if (text === "first") await promise;
      return { ok: true, hits: [], ...(text === "first" && { next: 5 }) };
    });
    const first = conversation.take({ kind: "find", token, text: "first" });
    await conversation.take({ kind: "find", token, text: "second" });
    const before = [asked().length, posted.length];
    resolve(undefined);
    await first;
    assert.deepEqual([asked().length, posted.length], before);
    assert.equal(last("found").text, "second");
  });

  it("sets the person's status as Set Status does, and says what became of it", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.answer(setPresence, () => ({ ok: true }));
    await conversation.take({ kind: "status", token, state: "dnd", text: "focus" });
    assert.deepEqual(last("notice"), { kind: "notice", text: "Your status: do not disturb", failed: false });
    daemon.answer(setPresence, () => failure("unavailable", "The daemon is away."));
    await conversation.take({ kind: "status", token, state: "away", text: "" });
    assert.deepEqual(last("notice"), { kind: "notice", text: "The daemon is away.", failed: true });
    assert.deepEqual(daemon.askedFor(setPresence.method), [{ state: "dnd", text: "focus" }, { state: "away" }]);
  });
});
