import assert from "node:assert/strict";
import { linkTo, readMessageQuery } from "../../../../extension/commands/message-link.ts";

const query = (link: string): string => decodeURIComponent(new URL(link).search.slice(1));

describe("A link to a message", () => {
  it("has the editor's own scheme, names author and id, and says nothing of the words", () => {
    const link = linkTo({ mid: "0d8e", from: "alice" }, "code-oss");
    assert.equal(link, "code-oss://chat-room.chat-room/message?mid=0d8e&from=alice");
  });

  it("is read as it was written, whatever the id and the name are", () => {
    for (const [mid, from] of [
      ["0d8e-1", "alice"],
      ["a&from=b=%41#?", "Zoë 太郎".replace(" ", "_")],
    ] as const) {
      assert.deepEqual(readMessageQuery(query(linkTo({ mid, from }, "vscode"))), { mid, from });
    }
  });

  it("names nothing where a part is missing, empty or far too long", () => {
    for (const given of ["", "mid=1", "from=bob", "mid=&from=bob", "mid=1&from=", `mid=${"x".repeat(300)}&from=bob`]) {
      assert.equal(readMessageQuery(given), undefined, given);
    }
  });
});
