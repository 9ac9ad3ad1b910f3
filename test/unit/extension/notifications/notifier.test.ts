import assert from "node:assert/strict";
import { Notifier } from "../../../../extension/notifications/notifier.ts";
import { contactsChanged, ownPresence, sessionChanged } from "../../../../protocol/api/notifications.ts";
import { mute } from "../../../../protocol/api/session.ts";
import type { Settings } from "../../../../extension/settings/definitions.ts";
import { withApp, settings } from "../commands/app-stand-in.ts";
import { erin, message, person, settled } from "../stand-ins.ts";

async function begin(changes: Partial<Settings> = {}) {
  const parts = await withApp();
  const now = { ms: 1_000, debugging: false, seen: false };
  const desk = { ...parts.app, settings: () => ({ ...settings, ...changes }) };
  const notifier = new Notifier({
    app: desk,
    now: () => now.ms,
    isDebugging: () => now.debugging,
    isInSight: () => now.seen,
  });
  const from = (name: string, text: string): Promise<void> =>
    notifier.take(message(1, { conversation: `user:${name}`, from: name, text }), name);
  return { ...parts, desk, notifier, now, from };
}

describe("A new message", () => {
  it("is one notification with Open, Reply and Mute, and no words of it run anything", async () => {
    const { from, prompter, daemon } = await begin();
    daemon.answer(mute, () => ({ ok: true }));
    prompter.press = "Mute";
    await from("alice", "[x](command:quit)");
    assert.deepEqual(prompter.told, ["alice: [x] (command:quit)"]);
    assert.deepEqual(prompter.buttons, [["Open", "Reply", "Mute"]]);
    assert.deepEqual(daemon.askedFor(mute.method), [{ conversation: "user:alice", muted: true }]);
  });

  it("is notified in plain words", async () => {
    const { from, prompter } = await begin();
    await from("alice", "**look** at\n```ts\nlet a = 1;\n```\n\\[x\\](command:quit)");
    assert.deepEqual(prompter.told, ["alice: look at let a = 1; [x] (command:quit)"]);
  });

  it("opens its chat only when the person says so", async () => {
    const { from, prompter, opened } = await begin();
    await from("alice", "hello");
    assert.deepEqual(opened, []);
    prompter.press = "Open";
    await from("alice", "hello?");
    assert.deepEqual(opened, [["user:alice", "alice"]]);
  });

  it("is not answered, opened or muted as another account that was switched to meanwhile", async () => {
    for (const button of ["Open", "Reply", "Mute"]) {
      const { from, prompter, daemon, opened } = await begin();
      const { promise, resolve } = Promise.withResolvers<string>();
      prompter.hold = promise;
      const told = from("alice", "hello");
      daemon.tell(sessionChanged, { session: erin });
      resolve(button);
      await told;
      assert.deepEqual([opened, prompter.questions, daemon.askedFor(mute.method)], [[], [], []]);
      assert.equal(prompter.told.at(-1), "Another account is signed in now.");
    }
  });

  it("is not notified while its chat is seen, notifications are off, or it names nobody who wants only that", async () => {
    const seen = await begin();
    seen.now.seen = true;
    await seen.from("alice", "hello");
    const off = await begin({ notifications: "off" });
    await off.from("alice", "hello bob");
    const mentions = await begin({ notifications: "mentions" });
    await mentions.from("alice", "hello");
    await mentions.from("alice", "hello @bob");
    assert.deepEqual([seen.prompter.told, off.prompter.told], [[], []]);
    assert.deepEqual(mentions.prompter.told, ["alice: hello @bob"]);
  });

  it("is a reaction only where the person wants to be told of those, with whose and to what", async () => {
    const own = message(1, { own: true, conversation: "user:alice", text: "**shipped**" });
    const reaction = { emoji: "🎉", from: "alice" };
    const on = await begin();
    await on.notifier.take(own, "alice", false, reaction);
    const all = await begin({ notifications: "all" });
    all.prompter.press = "Open";
    await all.notifier.take(own, "alice", false, reaction);
    assert.deepEqual([on.prompter.told, all.prompter.told], [[], ["alice reacted 🎉 to: shipped"]]);
    assert.deepEqual([all.prompter.buttons, all.opened], [[["Open", "Mute"]], [["user:alice", "alice"]]]);
    all.now.debugging = true;
    await all.notifier.take(own, "alice", false, reaction);
    await all.from("alice", "hello");
    assert.equal(all.prompter.told.length, 1);
  });

  it("waits while the person debugs, and is summed up with the others afterwards", async () => {
    const { from, prompter, notifier, now, daemon, opened } = await begin();
    now.debugging = true;
    // The one who was unread before is no news.
    const before = [person("ada", { unread: 2_000, lastArrival: 1 }), person("zoe", { unread: 5, lastArrival: 2 })];
    daemon.tell(contactsChanged, { changed: before, removed: [] });
    const arrives = async (name: string, unread: number, lastArrival: number): Promise<void> => {
      daemon.tell(contactsChanged, { changed: [person(name, { unread, lastArrival })], removed: [] });
      await from(name, "hello");
    };
    await arrives("alice", 1, 3);
    await arrives("zoe", 6, 4);
    daemon.tell(contactsChanged, { changed: [person("zoe", { unread: 7, lastArrival: 5 })], removed: [] });
    await notifier.resume();
    assert.deepEqual(prompter.told, []);
    now.debugging = false;
    prompter.press = "Go to Next Unread";
    await notifier.resume();
    await notifier.resume();
    assert.deepEqual(prompter.told, ["3 new messages: zoe, alice"]);
    assert.deepEqual(opened, [["user:zoe", "zoe"]]);
  });

  it("does not wait while the person debugs where it names them, or is the second of one person", async () => {
    const { from, prompter, notifier, now } = await begin();
    now.debugging = true;
    await from("alice", "production is down");
    await from("zoe", "lunch?");
    assert.deepEqual(prompter.told, []);
    await from("alice", "call me");
    await from("zoe", "@bob look");
    assert.deepEqual(prompter.told, ["alice: call me", "zoe: @bob look"]);
    for (const text of ["hello all", "again"])
      await notifier.take(message(1, { conversation: "everyone", from: "eve", text }), "eve to everyone");
    assert.equal(prompter.told.length, 2);
  });

  it("is not summed up after debugging while the person does not want to be disturbed", async () => {
    const { from, prompter, notifier, now, daemon } = await begin();
    now.debugging = true;
    await from("alice", "one");
    daemon.tell(contactsChanged, { changed: [person("alice", { unread: 1 })], removed: [] });
    daemon.tell(ownPresence, { state: "dnd" });
    now.debugging = false;
    await notifier.resume();
    assert.deepEqual(prompter.told, []);
  });

  it("is notified while the person debugs, where they want that", async () => {
    const { from, prompter, now } = await begin({ quietWhileDebugging: false });
    now.debugging = true;
    await from("alice", "one");
    assert.equal(prompter.told.length, 1);
  });

  it("is one of several where three conversations wait already", async () => {
    const { from, prompter, daemon } = await begin();
    prompter.hold = new Promise(() => undefined);
    daemon.tell(contactsChanged, { changed: [person("d", { unread: 1 })], removed: [] });
    for (const name of ["a", "b", "c", "d", "e"]) void from(name, "hi");
    await settled();
    assert.deepEqual(prompter.told, ["a: hi", "b: hi", "c: hi", "1 new message: d"]);
  });
});
