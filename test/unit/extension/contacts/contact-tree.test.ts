import assert from "node:assert/strict";
import { isPresenceKnown } from "../../../../extension/contacts/contact-queries.ts";
import { ContactTree } from "../../../../extension/contacts/contact-tree.ts";
import type { TreeNode, TreeSource } from "../../../../extension/contacts/contact-tree.ts";
import type { Contact } from "../../../../protocol/api/model.ts";
import { everyone, person, question } from "../stand-ins.ts";

const outlineOf = (node: TreeNode): unknown => {
  if (node.kind === "section") return [node.id, ...node.contacts.map((each) => each.contact.name)];
  if (node.kind === "question") return `${node.question.user}?`;
  return node.kind === "contact" ? node.contact.conversation : node.state;
};

function treeOf(state: TreeSource["state"], contacts: readonly Contact[], more: Partial<TreeSource> = {}): ContactTree {
  const tree = new ContactTree();
  tree.rebuild({ state, contacts, questions: [], filter: "", ...more });
  return tree;
}

const outline = (...given: Parameters<typeof treeOf>): unknown[] => treeOf(...given).roots.map(outlineOf);

describe("The Contacts tree", () => {
  it("has Everyone on top, then Online, Offline and Blocked, each sorted by name", () => {
    const contacts = [
      person("zoe"),
      person("adam", { presence: "away" }),
      person("eve", { presence: "offline" }),
      person("mallory", { blocked: true }),
      everyone,
    ];
    assert.deepEqual(outline("connected", contacts), [
      "everyone",
      ["online", "adam", "zoe"],
      ["offline", "eve"],
      ["blocked", "mallory"],
    ]);
  });

  it("leaves out sections that nobody is in", () => {
    assert.deepEqual(outline("connected", [everyone, person("zoe")]), ["everyone", ["online", "zoe"]]);
  });

  it("makes room for the welcome text when nobody is there, or nobody is signed in", () => {
    assert.deepEqual(outline("connected", [everyone]), []);
    assert.deepEqual(outline("signedOut", [everyone, person("zoe")]), []);
    assert.deepEqual(outline("elsewhere", [everyone, person("zoe")]), []);
    assert.deepEqual(outline("down", []), []);
    assert.deepEqual(outline("unreachable", [everyone]), []);
    assert.deepEqual(outline("distrusted", [everyone]), []);
  });

  it("stays while the daemon or the server is away", () => {
    const contacts = [everyone, person("zoe")];
    assert.deepEqual(outline("starting", contacts), ["everyone", ["online", "zoe"]]);
    assert.deepEqual(outline("unreachable", contacts), ["unreachable", "everyone", ["people", "zoe"]]);
  });

  it("calls nobody online or offline while nobody can say so, but who is connected directly", () => {
    const contacts = [everyone, person("zoe"), person("eve", { presence: "offline" }), person("m", { blocked: true })];
    assert.deepEqual(outline("down", contacts), ["down", "everyone", ["people", "eve", "zoe"], ["blocked", "m"]]);
    assert.deepEqual([isPresenceKnown("down"), isPresenceKnown("starting")], [false, false]);
    const direct = person("dan", { route: { kind: "direct", address: "192.168.1.5:4711" } });
    const away = [...contacts, direct];
    for (const state of ["connecting", "unreachable", "distrusted"] as const) {
      const [people, online] = [outline(state, away).at(-2), outline(state, away).at(-3)];
      assert.deepEqual(
        [online, people],
        [
          ["online", "dan"],
          ["people", "eve", "zoe"],
        ],
      );
      assert.deepEqual([isPresenceKnown(state, direct), isPresenceKnown(state)], [true, false]);
    }
    assert.equal(isPresenceKnown("connected"), true);
  });

  it("has on top whoever waits for an answer, also where nobody else is", () => {
    const questions = [question("alice")];
    assert.deepEqual(outline("connected", [everyone], { questions }), ["alice?"]);
    assert.deepEqual(outline("connected", [everyone, person("zoe")], { questions })[0], "alice?");
  });

  it("is narrowed to names that hold the filter, whatever their case", () => {
    const contacts = [everyone, person("Alice"), person("malin", { presence: "offline" }), person("bob")];
    assert.deepEqual(outline("connected", contacts, { filter: "AL" }), [
      ["online", "Alice"],
      ["offline", "malin"],
    ]);
    assert.deepEqual(outline("connected", contacts, { filter: "nobody" }), []);
    const others = [everyone, person("οδυσσέας"), person("straße")];
    assert.deepEqual(outline("connected", others, { filter: "ΟΔΥΣ" }), [["online", "οδυσσέας"]]);
    assert.deepEqual(outline("connected", others, { filter: "ASSE" }), [["online", "straße"]]);
  });
});

describe("A change in the Contacts tree", () => {
  const contacts = [everyone, person("adam"), person("zoe")];

  it("draws one row anew, on the same node, when it stays in its place", () => {
    const tree = treeOf("connected", contacts);
    const [, online] = tree.roots;
    const before = online?.kind === "section" ? online.contacts[1] : undefined;
    const changed = tree.change([person("zoe", { unread: 3 })]);
    assert.deepEqual(changed, [before]);
    assert.equal(before?.contact.unread, 3);
  });

  it("draws the tree anew when somebody comes, goes, or changes section", () => {
    const tree = treeOf("connected", contacts);
    assert.equal(tree.change([person("zoe", { presence: "offline" })]), "all");
    assert.deepEqual(tree.roots.map(outlineOf), ["everyone", ["online", "adam"], ["offline", "zoe"]]);
    assert.equal(tree.change([person("new")]), "all");
    tree.rebuild({ state: "connected", contacts: [everyone, person("adam")], questions: [], filter: "" });
    assert.deepEqual(tree.roots.map(outlineOf), ["everyone", ["online", "adam"]]);
  });

  it("shows Everyone with the first broadcast, also where somebody waits for an answer and nobody else is", () => {
    const tree = treeOf("connected", [everyone], { questions: [question("alice")] });
    assert.equal(tree.change([{ ...everyone, unread: 1, lastWords: "hello" }]), "all");
    assert.deepEqual(tree.roots.map(outlineOf), ["alice?", "everyone"]);
  });

  it("takes well under a frame among 5,000 contacts", () => {
    const many = Array.from({ length: 5_000 }, (_, at) =>
      person(`person${at}`, at % 3 === 0 ? {} : { presence: "offline" }),
    );
    const tree = treeOf("connected", [everyone, ...many]);
    const took = (run: () => unknown): number => {
      const times = Array.from({ length: 15 }, () => {
        const startMs = performance.now();
        run();
        return performance.now() - startMs;
      });
      return times.sort((a, b) => a - b)[7] ?? Infinity;
    };
    let unread = 0;
    const rowMs = took(() => tree.change([person("person7", { presence: "offline", unread: (unread += 1) })]));
    const moveMs = took(() =>
      tree.change([person("person9", { presence: (unread += 1) % 2 === 0 ? "offline" : "away" })]),
    );
    assert.ok(rowMs < 2, `one row took ${rowMs} ms`);
    assert.ok(moveMs < 100, `a move between sections took ${moveMs} ms`);
  });
});
