import assert from "node:assert/strict";
import { openMessageLink, runFilterContacts, runNextUnread, runSearch } from "../../../../extension/commands/find.ts";
import { forEachPerson, forEachSelected } from "../../../../extension/commands/selected-contacts.ts";
import { runSendToSelected } from "../../../../extension/commands/send-message.ts";
import { runBlock, runMute } from "../../../../extension/commands/people.ts";
import { onMessage } from "../../../../extension/commands/message-menu.ts";
import { runReply } from "../../../../extension/commands/messages.ts";
import { contactsChanged } from "../../../../protocol/api/notifications.ts";
import { blockUser, mute } from "../../../../protocol/api/session.ts";
import { send } from "../../../../protocol/conversations/kinds/text.ts";
import { findMessage, search } from "../../../../protocol/api/conversation.ts";
import { failure } from "../../../../protocol/errors.ts";
import { everyone, message, person, settled } from "../stand-ins.ts";
import { withApp } from "./app-stand-in.ts";

const row = (name: string): unknown => ({ kind: "contact", contact: person(name) });

describe("A link to a message that was opened", () => {
  it("opens the chat at that message", async () => {
    const { app: app, daemon, opened, openedAt } = await withApp();
    daemon.answer(findMessage, ({ mid }) => ({ ok: true, message: message(7, { mid }) }));
    await openMessageLink(app, "mid=m7&from=alice");
    assert.deepEqual(daemon.askedFor(findMessage.method), [{ mid: "m7", from: "alice" }]);
    assert.deepEqual([opened, openedAt], [[["user:alice", "alice"]], [{ seq: 7 }]]);
  });

  it("says so where the message is not here, or the link names none", async () => {
    const { app: app, daemon, opened, prompter } = await withApp();
    daemon.answer(findMessage, () => failure("bad_request", "That message is not here."));
    await openMessageLink(app, "mid=m7&from=alice");
    await openMessageLink(app, "x=1");
    assert.deepEqual(prompter.told, ["That message is not here.", "The link names no message. Ask for a new one."]);
    assert.deepEqual([opened, daemon.askedFor(findMessage.method).length], [[], 1]);
  });
});

describe("Search Messages", () => {
  it("opens the chat at the hit that is chosen", async () => {
    const { app: app, daemon, prompter, opened, openedAt } = await withApp();
    daemon.answer(search, () => ({ ok: true, hits: [{ message: message(7, { text: "the $(bug) plan" }) }] }));
    prompter.sought = " plan ";
    assert.equal(await runSearch(app), true);
    assert.deepEqual(daemon.askedFor(search.method), [{ text: "plan", limit: 100 }]);
    assert.deepEqual([opened, openedAt], [[["user:alice", "alice"]], [{ seq: 7 }]]);
    assert.deepEqual([prompter.offered[0]?.label, prompter.offered[0]?.detail], ["alice", "the \\$(bug) plan"]);
  });

  it("stays in one conversation when asked from its row, and says that nothing was found", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(search, () => ({ ok: true, hits: [] }));
    prompter.sought = "x";
    assert.equal(await runSearch(app, row("alice")), false);
    assert.deepEqual(daemon.askedFor(search.method), [{ text: "x", limit: 100, conversation: "user:alice" }]);
    assert.equal(prompter.offered[0]?.label, "No message has these words");
  });

  it("goes on where a search that took long has ended, until something is found or there is no more", async () => {
    const { app: app, daemon, prompter } = await withApp();
    const hit = { message: message(7, { text: "the plan" }) };
    daemon.answer(search, ({ before }) => {
      if (before === undefined) return { ok: true, hits: [], next: 500 };
      return before === 500 ? { ok: true, hits: [], next: 9 } : { ok: true, hits: [hit] };
    });
    prompter.sought = "plan";
    assert.equal(await runSearch(app), true);
    assert.deepEqual(
      daemon.askedFor(search.method).map((asked) => (asked as { before?: number }).before),
      [undefined, 500, 9],
    );
  });

  it("asks the daemon nothing while nothing is typed", async () => {
    const { app: app, daemon } = await withApp();
    assert.equal(await runSearch(app), false);
    assert.deepEqual(daemon.askedFor(search.method), []);
  });
});

describe("Go to Next Unread", () => {
  it("opens the newest, or says that everything is read", async () => {
    const { app: app, daemon, opened, openedAt, prompter } = await withApp();
    assert.equal(await runNextUnread(app), false);
    assert.match(prompter.mentioned[0] ?? "", /Everything is read/);
    daemon.tell(contactsChanged, { changed: [person("alice", { unread: 1 })], removed: [] });
    assert.equal(await runNextUnread(app), true);
    assert.deepEqual([opened, openedAt], [[["user:alice", "alice"]], [{ seq: "unread" }]]);
  });
});

describe("The menu of a message", () => {
  it("does in the chat what was chosen, for a message that VS Code names", async () => {
    const { app: app, chosenInPanel } = await withApp();
    const given = { webview: "chatRoom.chat", webviewSection: "message.other", conversation: "user:alice", seq: 7 };
    onMessage("reply")(app, given);
    for (const strange of [undefined, "user:alice", { conversation: "user:alice", seq: "7" }, { seq: 7 }])
      onMessage("delete")(app, strange);
    assert.deepEqual(chosenInPanel, [["user:alice", "reply", 7]]);
  });
});

describe("Filter Contacts", () => {
  it("follows what is typed, and is as before when the person gives up", async () => {
    const { app: app, prompter } = await withApp();
    await runFilterContacts(app, "al");
    assert.equal(app.contactsFilter.get(), "al");
    prompter.answers.push(undefined);
    const filtered = runFilterContacts(app);
    prompter.questions[0]?.changed?.("bo");
    await filtered;
    assert.equal(app.contactsFilter.get(), "al");
    prompter.answers.push("bo");
    await runFilterContacts(app);
    assert.equal(app.contactsFilter.get(), "bo");
  });
});

describe("Several selected contacts", () => {
  it("each get the message; those who did not are named, and the text is there for them", async () => {
    const { app: app, daemon, prompter, copied } = await withApp();
    prompter.press = "Copy";
    daemon.answer(send, ({ conversation, text }) =>
      conversation === "user:zoe" ? failure("blocked") : { ok: true, message: message(1, { text }) },
    );
    prompter.answers.push("hello");
    const selected = [row("alice"), row("zoe"), { kind: "section", id: "online", contacts: [] }];
    assert.deepEqual(await runSendToSelected(app, row("alice"), selected), { ok: true, sent: 1 });
    assert.equal(prompter.questions[0]?.prompt, "Message alice, zoe, each by themselves");
    await settled();
    assert.match(prompter.told[0] ?? "", /^Not sent to zoe: /);
    assert.deepEqual(copied, ["hello"]);
  });

  it("are muted together, and one is as ever", async () => {
    const { app: app, daemon } = await withApp();
    daemon.answer(mute, () => ({ ok: true }));
    const run = forEachSelected((at, given) => runMute(at, given, true));
    await run(app, row("alice"), [row("alice"), row("zoe")]);
    await run(app, row("alice"), undefined);
    assert.deepEqual(
      daemon.askedFor(mute.method).map((each) => (each as { conversation: string }).conversation),
      ["user:alice", "user:zoe", "user:alice"],
    );
  });

  it("are blocked together, without Everyone, who is no person", async () => {
    const { app: app, daemon } = await withApp();
    daemon.answer(blockUser, () => ({ ok: true }));
    const selected = [{ kind: "contact", contact: everyone }, row("alice"), row("zoe")];
    await forEachPerson(runBlock)(app, row("alice"), selected);
    assert.deepEqual(daemon.askedFor(blockUser.method), [{ user: "alice" }, { user: "zoe" }]);
  });
});

describe("Reply in a notification", () => {
  it("shows the words that are answered, and answers that message", async () => {
    const { app: app, daemon, prompter } = await withApp();
    prompter.answers.push("yes");
    assert.equal((await runReply(app, message(5, { text: "coffee?\nnow?" }))).ok, true);
    assert.equal(prompter.questions[0]?.title, "“coffee? now?”");
    const [sent] = daemon.askedFor(send.method) as { conversation: string; text: string; answers: number }[];
    assert.deepEqual([sent?.conversation, sent?.text, sent?.answers], ["user:alice", "yes", 5]);
  });
});
