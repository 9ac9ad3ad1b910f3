import assert from "node:assert/strict";
import { contactRow, problemRow, questionRow, sectionRow } from "../../../../extension/contacts/contact-row.ts";
import { createDayWatch, createTimeWords } from "../../../../extension/contacts/short-time.ts";
import { everyone, person, question } from "../stand-ins.ts";

const pin = "A".repeat(43);

describe("The row of a contact", () => {
  it("says presence, unread messages, last words and their time to eyes and to screen readers", () => {
    const zoe = person("zoe", { unread: 2, lastWords: "see\nyou", presence: "dnd", presenceText: "busy" });
    const row = contactRow(zoe, { when: "14:05" });
    assert.equal(row.label, "zoe");
    assert.equal(row.description, "2 new · busy · 14:05 · see you");
    assert.equal(row.tooltip, "zoe (do not disturb)\nbusy\nsee you");
    assert.equal(row.accessibleLabel, "zoe, do not disturb, 2 new messages, busy, 14:05, see you");
  });

  it("says the last words as they are read, without their Markdown", () => {
    const said = (lastWords: string): string => contactRow(person("zoe", { lastWords })).description;
    assert.equal(said("**see** [you](https://a.example) *soon*"), "see you soon");
    assert.equal(said("look: ```ts let a = 1; ```"), "look: let a = 1;");
    assert.equal(said("```ts function f() { return `x"), "function f() { return `x");
    assert.equal(said("> you said # what - now"), "you said # what - now");
    assert.equal(said("---"), "---");
    assert.equal(said("[x](command:quit)"), "[x](command:quit)");
  });

  it("says whose the last words are where they are one's own", () => {
    const row = contactRow(person("zoe", { lastWords: "**see** you", lastOwn: true }));
    assert.equal(row.description, "You: see you");
  });

  it("says who reacted how, where that was last", () => {
    const zoe = person("zoe", { lastWords: "shipped", lastOwn: true, lastReaction: { emoji: "🎉", from: "zoe" } });
    assert.match(contactRow(zoe).description, /zoe reacted 🎉$/);
  });

  it("says how messages go and whether the key was verified", () => {
    const row = contactRow(
      person("zoe", { route: { kind: "direct", address: "192.168.1.5:4711" }, key: { pin, verified: true } }),
    );
    assert.equal(row.description, "✓ · direct");
    assert.equal(row.tooltip, "zoe (online)\nDirect, to 192.168.1.5:4711\nVerified: you compared the safety number.");
    assert.equal(row.accessibleLabel, "zoe, online, talking directly, verified");
    const relayed = contactRow(person("zoe", { route: { kind: "server", why: "zoe said no." } }));
    assert.match(relayed.tooltip, /Via server: zoe said no\./);
  });

  it("warns of a changed key in words, for those who do not see the icon", () => {
    const row = contactRow(person("zoe", { key: { pin, verified: false, changed: "B".repeat(43) } }));
    assert.equal(row.description, "key changed");
    assert.match(row.accessibleLabel, /another key than before/);
  });

  it("names the menu by what the contact is", () => {
    const route = { kind: "direct", address: "a:1" } as const;
    assert.equal(contactRow(everyone).contextValue, "everyone.welcome.audible.present.relayed");
    assert.equal(contactRow(person("m", { route })).contextValue, "person.welcome.audible.present.direct");
    assert.equal(
      contactRow(person("m", { blocked: true, muted: true, presence: "offline" })).contextValue,
      "person.blocked.muted.absent.relayed",
    );
    const changed = person("m", { key: { pin, verified: false, changed: pin } });
    assert.match(contactRow(changed).contextValue, /\.changed$/);
  });

  it("shows nothing invisible of what others wrote", () => {
    const row = contactRow(person("zoe", { lastWords: "a\u202Eb\u0007\u2066c" }));
    assert.equal(row.description, "a b c");
  });

  it("calls nobody online while presence is not known", () => {
    assert.equal(contactRow(person("zoe"), { presenceKnown: false }).accessibleLabel, "zoe, presence unknown");
  });
});

describe("The other rows", () => {
  it("say why the server cannot be reached, and what a click does", () => {
    const row = problemRow({ kind: "problem", state: "unreachable" }, "Nothing listens at s:1.");
    assert.equal(row.description, "Retry");
    assert.equal(row.tooltip, "Nothing listens at s:1.\nClick: Retry");
    assert.equal(row.accessibleLabel, "Server unreachable, Retry. Nothing listens at s:1.");
  });

  it("count a section, and say who waits for an answer", () => {
    const node = { kind: "contact", contact: person("a") } as const;
    assert.equal(sectionRow({ kind: "section", id: "online", contacts: [node] }).accessibleLabel, "Online, 1");
    const asking = questionRow(question("alice"));
    assert.deepEqual([asking.label, asking.description], ["alice wants to talk directly", "Answer"]);
    assert.equal(asking.tooltip, "alice wants to talk directly\nClick: Answer");
  });
});

describe("The time of the last words", () => {
  const words = createTimeWords("en-GB");
  const now = new Date(2026, 4, 20, 15, 0).getTime();
  const at = (...date: [number, number, number, number?]): string => words(new Date(...date).getTime(), now);

  it("is a time today, a weekday within the week, a date before", () => {
    assert.equal(at(2026, 4, 20, 9), "09:00");
    assert.equal(at(2026, 4, 18), "Mon");
    assert.equal(at(2026, 2, 3), "3 Mar");
    assert.equal(at(2024, 2, 3), "3 Mar 2024");
  });

  it("is written anew once on another day, when the person is back", () => {
    const isNewDay = createDayWatch(now);
    const morning = new Date(2026, 4, 21, 8).getTime();
    assert.deepEqual([isNewDay(now + 60_000), isNewDay(morning), isNewDay(morning + 1)], [false, true, false]);
  });
});
