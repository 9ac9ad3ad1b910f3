import assert from "node:assert/strict";
import { Documents } from "../../../../daemon/mentions/documents.ts";
import { maxDocumentLength } from "../../../../protocol/api/language.ts";

const place = (line: number, character: number) => ({ line, character });
const change = (line: number, from: number, to: number, text: string) => ({
  range: { start: place(line, from), end: place(line, to) },
  text,
});

describe("the documents that a client has open", () => {
  it("follow incremental changes, in order, and whole texts", () => {
    const documents = new Documents();
    documents.open("a", "markdown", 1, "one\ntwo 😀\n");
    documents.change("a", 2, [change(1, 0, 3, "2"), change(1, 2, 4, "x"), change(0, 3, 3, "!")]);
    assert.equal(documents.get("a")?.getText(), "one!\n2 x\n");
    documents.change("a", 3, [{ text: "anew" }]);
    assert.equal(documents.get("a")?.getText(), "anew");
  });

  it("are forgotten when they are closed", () => {
    const documents = new Documents();
    documents.open("a", "markdown", 1, "one");
    documents.close("a");
    documents.change("a", 2, [{ text: "again" }]);
    assert.equal(documents.size, 0);
  });

  it("are not kept when they are too long, or become it", () => {
    const documents = new Documents();
    const full = "x".repeat(maxDocumentLength);
    documents.open("long", "markdown", 1, `${full}x`);
    documents.open("grows", "markdown", 1, full);
    assert.equal(documents.size, 1);
    documents.change("grows", 2, [change(0, 0, 0, "x")]);
    documents.open("hostile", "markdown", 1, "");
    documents.change("hostile", 2, [{ text: full }, { text: full }, { text: full }]);
    assert.equal(documents.size, 0);
  });

  it("are bounded together: the one that changed longest ago goes", () => {
    const documents = new Documents();
    for (let index = 0; index < 256; index++) documents.open(`${index}`, "markdown", 1, "x");
    documents.change("0", 2, [{ text: "y" }]);
    documents.open("256", "markdown", 1, "x");
    assert.deepEqual([documents.size, documents.get("0")?.getText(), documents.get("1")], [256, "y", undefined]);
    for (let index = 0; index < 20; index++)
      documents.open(`big${index}`, "markdown", 1, "x".repeat(maxDocumentLength));
    assert.equal(documents.size, 16);
  });
});
