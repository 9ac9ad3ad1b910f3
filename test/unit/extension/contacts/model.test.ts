import assert from "node:assert/strict";
import {
  contactRow,
  isPresenceKnown,
  latestUnread,
  totalUnread,
  treeOf,
} from "../../../../extension/contacts/model.ts";
import type { TreeNode } from "../../../../extension/contacts/model.ts";
import { everyone, person } from "../stand-ins.ts";

const outlineOf = (node: TreeNode): unknown => {
  if (node.kind === "section") return [node.label, ...node.contacts.map((each) => each.contact.name)];
  return node.kind === "contact" ? node.contact.conversation : node.state;
};
const outline = (nodes: readonly TreeNode[]): unknown[] => nodes.map(outlineOf);

describe("The Contacts tree", () => {
  it("has Everyone on top, then Online, Offline and Blocked, each sorted by name", () => {
    const contacts = [
      person("zoe"),
      person("adam", { presence: "away" }),
      person("eve", { presence: "offline" }),
      person("mallory", { blocked: true }),
      everyone,
    ];
    assert.deepEqual(outline(treeOf("connected", contacts)), [
      "everyone",
      ["Online", "adam", "zoe"],
      ["Offline", "eve"],
      ["Blocked", "mallory"],
    ]);
  });

  it("leaves out sections that nobody is in", () => {
    assert.deepEqual(outline(treeOf("connected", [everyone, person("zoe")])), ["everyone", ["Online", "zoe"]]);
  });

  it("makes room for the welcome text when nobody is there, or nobody is signed in", () => {
    assert.deepEqual(treeOf("connected", [everyone]), []);
    assert.deepEqual(treeOf("signedOut", [everyone, person("zoe")]), []);
    assert.deepEqual(treeOf("elsewhere", [everyone, person("zoe")]), []);
  });

  it("stays while the daemon or the server is away", () => {
    const contacts = [everyone, person("zoe")];
    assert.deepEqual(outline(treeOf("starting", contacts)), ["everyone", ["Online", "zoe"]]);
    assert.deepEqual(outline(treeOf("unreachable", contacts)), ["unreachable", "everyone", ["Online", "zoe"]]);
    assert.deepEqual(outline(treeOf("down", [])), ["down"]);
  });

  it("calls nobody online while the daemon cannot be reached", () => {
    const contacts = [everyone, person("zoe"), person("eve", { presence: "offline" }), person("m", { blocked: true })];
    assert.deepEqual(outline(treeOf("down", contacts)), [
      "down",
      "everyone",
      ["People", "eve", "zoe"],
      ["Blocked", "m"],
    ]);
    assert.deepEqual([isPresenceKnown("down"), isPresenceKnown("starting")], [false, false]);
    assert.equal(isPresenceKnown("unreachable"), true);
    assert.equal(contactRow(person("zoe"), false).accessibleLabel, "zoe, presence unknown");
  });

  it("says presence, unread messages and last words to eyes and to screen readers", () => {
    const row = contactRow(person("zoe", { unread: 2, lastWords: "see\nyou", presence: "dnd", presenceText: "busy" }));
    assert.equal(row.label, "zoe");
    assert.equal(row.description, "2 new · see you");
    assert.equal(row.tooltip, "zoe (do not disturb)\nbusy\nsee you");
    assert.equal(row.accessibleLabel, "zoe, do not disturb, 2 new messages, see you");
  });

  it("names the menu by what the contact is", () => {
    assert.equal(contactRow(everyone).contextValue, "everyone.welcome.audible");
    assert.equal(contactRow(person("m", { blocked: true, muted: true })).contextValue, "person.blocked.muted");
  });

  it("shows nothing invisible of what others wrote", () => {
    const row = contactRow(person("zoe", { lastWords: "a\u202Eb\u0007\u2066c" }));
    assert.equal(row.description, "a b c");
  });

  it("counts what is unread, but not of muted or blocked people", () => {
    const contacts = [
      person("a", { unread: 2, lastAtMs: 1 }),
      person("b", { unread: 1, lastAtMs: 2 }),
      person("c", { unread: 4, muted: true }),
      person("d", { unread: 8, blocked: true }),
    ];
    assert.equal(totalUnread(contacts), 3);
    assert.equal(latestUnread(contacts)?.name, "b");
  });
});
