import assert from "node:assert/strict";
import { latestUnread, newMessages, totalUnread } from "../../../../extension/contacts/contact-queries.ts";
import { iconOf } from "../../../../extension/contacts/icons.ts";
import { everyone, person } from "../stand-ins.ts";

describe("Contacts", () => {
  it("are counted by what is unread, but not those that are muted or blocked", () => {
    const contacts = [
      person("a", { unread: 2, lastAtMs: 1 }),
      person("b", { unread: 1, lastAtMs: 2 }),
      person("c", { unread: 4, muted: true }),
      person("d", { unread: 8, blocked: true }),
    ];
    assert.equal(totalUnread(contacts), 3);
    assert.equal(latestUnread(contacts)?.name, "b");
    assert.deepEqual([newMessages(1), newMessages(3)], ["1 new message", "3 new messages"]);
  });

  it("have the icon of their presence, or a warning where their key changed", () => {
    const ids = (["available", "away", "dnd", "offline"] as const).map(
      (presence) => iconOf(person("a", { presence })).id,
    );
    assert.deepEqual(ids, ["circle-filled", "record-small", "debug-breakpoint-conditional", "circle-outline"]);
    const pin = "A".repeat(43);
    assert.equal(iconOf(person("a", { key: { pin, verified: true, changed: pin } })).id, "warning");
    assert.equal(iconOf(person("a"), false).id, "person");
    assert.equal(iconOf(everyone).id, "organization");
  });
});
