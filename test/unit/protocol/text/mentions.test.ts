import assert from "node:assert/strict";
import { keysWrittenIn, mentionsIn, namesPerson } from "../../../../protocol/text/mentions.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { parseMessage } from "../../../../extension/markdown/parse.ts";
import type { Block, Inline } from "../../../../extension/markdown/message-tree.ts";

type Part = {
  readonly children?: readonly (Block | Inline)[];
  readonly items?: readonly { children: readonly Block[] }[];
};

/** Whether the page draws the name of that person as their own. */
function drawsOwn(text: string, user: string): boolean {
  const isOwn = (part: Block | Inline): boolean => {
    if (part.kind === "mention") return part.own;
    const { children = [], items = [] } = part as Part;
    return children.some(isOwn) || items.some((item) => item.children.some(isOwn));
  };
  return parseMessage(text, { own: keyOfName(user), others: new Set() }).some(isOwn);
}

const named: readonly (readonly [user: string, text: string])[] = [
  ["alice", "@alice"],
  ["alice", "@Alice, look"],
  ["alice", "ask (@ALICE)!"],
  ["alice", "hi @alice."],
  ["alice", "@alice's code"],
  ["alice", "**@alice** and _@alice_"],
  ["alice", "@alice@bob"],
  ["alice", "你好@alice，看看"],
  ["alice", "@aliceさん"],
  ["alice", "＠ａｌｉｃｅ"],
  ["alice", "`@bob` @alice"],
  ["alice", "``` is no fence ``` @alice"],
  ["alice", "a ` b @alice"],
  ["alice", "\\`@alice `"],
  ["alice", "> quoted\n\n@alice"],
  ["alice", "```\ncode\n```\n@alice"],
  ["alice", "- one\n    @alice"],
  ["alice", "see https://a.example @alice"],
  ["José", "@Jose\u0301"],
  ["Jose\u0301", "@JOSÉ"],
  ["Straße", "@STRASSE"],
  ["대", "@대님"],
  ["大田", "@大田さん、見て"],
  ["o'brien", "@O'Brien: yes"],
  ["a+b", "@a+b!"],
  ["c++", "@c++ compiles"],
  ["😀", "@😀"],
  ["😀", "@😀 hi"],
  ["❤", "@❤\ufe0f"],
  ["-x", "@-x"],
  ["a.b", "@a.b."],
];

const unnamed: readonly (readonly [user: string, text: string])[] = [
  ["alice", "alice"],
  ["alice", "alice@example.com"],
  ["alice", "bob@alice.com and x+y@alice"],
  ["alice", "https://alice.example.com/@alice"],
  ["alice", "github.com/@alice"],
  ["alice", "import '@alice/pkg'"],
  ["alice", "`ssh @alice`"],
  ["alice", "``a ` @alice``"],
  ["alice", "```\n@alice\n```"],
  ["alice", "~~~sh\n@alice"],
  ["alice", "    @alice"],
  ["alice", "> @alice said"],
  ["alice", "- > @alice said"],
  ["alice", "[x](https://x.example/@alice)"],
  ["alice", "@alicea @alice2 @alice_b @alice-b @alice.b @al"],
  ["jose", "@Jose\u0301"],
  ["", "@"],
  ["alice", "@@alice"],
];

describe("Who is named in a message", () => {
  for (const [user, text] of named) {
    it(`${user} in ${JSON.stringify(text)}, for the daemon and on the page`, () => {
      assert.deepEqual([namesPerson(text, user), drawsOwn(text, user)], [true, true]);
    });
  }
  for (const [user, text] of unnamed) {
    it(`not ${user} in ${JSON.stringify(text)}`, () => {
      assert.deepEqual([namesPerson(text, user), user !== "" && drawsOwn(text, user)], [false, false]);
    });
  }

  it("is the longest name that there is", () => {
    const names = new Set(["alice", "alice's", "大", "大田"].map(keyOfName));
    const found = (text: string) =>
      Array.from(
        mentionsIn(text, (key) => names.has(key)),
        (each) => each.text,
      );
    assert.deepEqual(found("@alice's @alice @大田さん @大人"), ["@alice's", "@alice", "@大田", "@大"]);
    assert.ok([...keysWrittenIn("`@alice.`")].includes(keyOfName("alice")));
  });

  it("is found in time that grows with the text", () => {
    const size = 60_000;
    const hostile = ["@", "@大", "@a.", "`", "``` ", "`a``", "](", "a.", "> @", "\\`", "@é", "www.", "@alice "];
    for (const unit of hostile) {
      const before = performance.now();
      namesPerson(unit.repeat(size / unit.length), "alice");
      assert.ok(performance.now() - before < 1_000, unit);
    }
  });
});
