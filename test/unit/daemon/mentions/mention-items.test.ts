import assert from "node:assert/strict";
import { completionOf, contactsByKey, hoverOf } from "../../../../daemon/mentions/mention-items.ts";
import type { MentionSource } from "../../../../daemon/mentions/mention-items.ts";
import type { Contact } from "../../../../protocol/api/model.ts";

function contact(name: string, more: Partial<Contact> = {}): Contact {
  const conversation = `user:${name}` as const;
  return { conversation, name, presence: "available", blocked: false, muted: false, unread: 0, ...more };
}

const range = { start: { line: 0, character: 1 }, end: { line: 0, character: 1 } };
const named = (people: MentionSource, typed: string): string[] =>
  completionOf(people, typed, range).items.map(({ label }) => label);

describe("the names that are offered", () => {
  const contacts = [
    contact("bob", { lastAtMs: 5 }),
    contact("alice"),
    contact("Alan", { lastAtMs: 9, presence: "away" }),
    contact("mallory", { blocked: true }),
    contact("everyone", { conversation: "everyone", name: "" }),
  ];
  const people: MentionSource = { connected: true, contacts };

  it("are those of contacts, who was talked to last on top, without everyone and the blocked", () => {
    assert.deepEqual(named(people, ""), ["Alan", "bob", "alice"]);
  });

  it("begin with what was typed, whatever its spelling", () => {
    assert.deepEqual(named(people, "AL"), ["Alan", "alice"]);
    assert.deepEqual(named(people, "x"), []);
    const others: MentionSource = {
      connected: true,
      contacts: [contact("οδυσσέας"), contact("straße"), contact("Everyone")],
    };
    assert.deepEqual(named(others, "ΟΔΥΣ"), ["οδυσσέας"]);
    assert.deepEqual(named(others, "STRASS"), ["straße"]);
    assert.deepEqual(named(others, "every"), ["Everyone"], "a name from before it was reserved");
  });

  it("say whether somebody is there, where that is known", () => {
    const details = (connected: boolean) =>
      completionOf({ connected, contacts }, "al", range).items.map(({ detail }) => detail);
    assert.deepEqual(details(true), ["away", "online"]);
    assert.deepEqual(details(false), ["presence unknown", "presence unknown"]);
  });

  it("are a hundred at most, and asked for again as more is typed", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => contact(`user${index}`));
    const list = completionOf({ connected: true, contacts: many }, "", range);
    assert.deepEqual([list.items.length, list.isIncomplete], [100, true]);
    assert.equal(completionOf({ connected: true, contacts: many }, "user4999", range).isIncomplete, false);
  });

  it("are never names that would hide or reorder text, should a server send them", () => {
    const bad = ["a\u202Eb", "a b", "a\nb", "a\u200Bb", "\u0000"].map((name) => contact(name));
    assert.deepEqual(named({ connected: true, contacts: bad }, ""), []);
    assert.equal(contactsByKey({ connected: true, contacts: bad }).size, 0);
  });
});

describe("what is said about a mentioned contact", () => {
  it("is presence, status and the last words, each on a plain line", () => {
    const alice = contact("alice", {
      presence: "dnd",
      presenceText: "in a\u202E meeting\n## now",
      lastWords: "[x](command:y) \u200B<b>",
    });
    assert.deepEqual(hoverOf({ connected: true, contacts: [alice] }, alice), {
      kind: "plaintext",
      value: "alice: do not disturb\nin a meeting ## now\nLast words: [x](command:y) <b>",
    });
  });

  it("leaves the presence open while the server cannot be reached", () => {
    const alice = contact("alice", { presence: "offline", presenceText: "gone" });
    assert.equal(hoverOf({ connected: false, contacts: [alice] }, alice).value, "alice: presence unknown");
  });
});
