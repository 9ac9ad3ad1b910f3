import assert from "node:assert/strict";
import { cautionsOf, readInvitation, readInvitationQuery } from "../../../../extension/account/join-link.ts";
import { joinLink } from "../../../../protocol/join-link.ts";

const address = `chat://chat.example:8765#${"A".repeat(43)}`;

describe("An invitation link", () => {
  it("is read as the server prints it, whatever the editor's own scheme", () => {
    const link = joinLink(address, "0123456789abcdef");
    const expected = { ok: true, server: address, invite: "0123456789abcdef" };
    assert.deepEqual(readInvitation(link), expected);
    assert.deepEqual(readInvitation(` ${link.replace("vscode:", "code-oss:")} `), expected);
    assert.deepEqual(readInvitationQuery(decodeURIComponent(new URL(link).search.slice(1))), expected);
  });

  it("may be the bare address of a server", () => {
    assert.deepEqual(readInvitation(address), { ok: true, server: address });
  });

  it("is refused in a sentence where it is hostile or damaged", () => {
    const at = (query: string): string => `vscode://chat-room.chat-room/join?${query}`;
    const hostile = [
      "",
      "https://evil.example/join?server=a:1",
      "vscode://other.extension/join?server=a:1",
      "vscode://chat-room.chat-room/run?server=a:1",
      at(""),
      at("server=a:1&server=b:1"),
      at("server=a:1&invite=abcd&invite=efgh"),
      at("server=a%20b:1"),
      at("server=a%E2%80%AEb:1"),
      at("server=a%0Ab:1"),
      at("server=http://a:1"),
      at("server=user@a:1"),
      at("server=a:99999"),
      at("server=a:1%23short"),
      at(`server=${encodeURIComponent("chat\u2024example:1")}`),
      at("server=a:1&invite=%22%3E%3Cscript%3E"),
      at(`server=a:1&invite=${"x".repeat(257)}`),
      at(`server=${"a".repeat(3_000)}:1`),
    ];
    for (const raw of hostile) {
      const read = readInvitation(raw);
      assert.ok(!read.ok, raw);
      assert.match(read.reason, /\.$|…$/, raw);
    }
    assert.equal(readInvitationQuery("x".repeat(3_000)).ok, false);
  });
});

describe("Before one follows an invitation", () => {
  const cautions = (server: string, current?: string): string => cautionsOf({ server }, current).join("\n");

  it("one is warned of this machine, of a missing key, of another server and of letters that imitate", () => {
    assert.equal(cautions(address), "");
    assert.match(cautions("127.0.0.1:1"), /this machine itself/);
    assert.match(cautions("localhost:1"), /this machine itself/);
    assert.match(cautions("[::1]:1"), /this machine itself/);
    const spellings = ["localhost.:1", "a.localhost:1", "0.0.0.0:1", "127.1:1", "[::]:1", "[::ffff:127.0.0.1]:1"];
    for (const each of [...spellings, "[0:0:0:0:0:0:0:1]:1"]) assert.match(cautions(each), /this machine itself/, each);
    for (const each of ["10.0.0.1:1", "[2001:db8::1]:1", "notlocalhost:1"])
      assert.doesNotMatch(cautions(each), /itself/);
    assert.match(cautions("chat.example:1"), /does not name the server’s key/);
    assert.match(cautions(address, "other.example:1"), /You use the server other\.example:1 now/);
    assert.match(cautions("chat.examplе:1"), /plain form is chat\.xn--/);
  });
});
