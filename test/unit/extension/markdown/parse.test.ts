import assert from "node:assert/strict";
import { drawnWords } from "../../../../extension/markdown/words.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { codeBlockOf, endsInCode, parseMessage } from "../../../../extension/markdown/parse.ts";
import { elementsIn } from "../../../../extension/markdown/size.ts";
import { wordsOf } from "../../../../extension/markdown/plain.ts";
import type { Block, Inline, Names } from "../../../../extension/markdown/tree.ts";

const names: Names = { own: "bob", others: new Set(["alice"]) };
const parse = (text: string): readonly Block[] => parseMessage(text, names);

function inlines(text: string): readonly Inline[] {
  const [block] = parse(text);
  assert.equal(block?.kind, "paragraph");
  return block.children;
}

/** All that a person would read, in order. */
function words(blocks: readonly Block[]): string {
  const ofInline = (inline: Inline): string => {
    if ("children" in inline) return inline.children.map(ofInline).join("");
    if (inline.kind === "hidden") return `<${inline.code}>`;
    return inline.kind === "break" ? "\n" : inline.text;
  };
  const ofBlock = (block: Block): string => {
    if (block.kind === "codeBlock") return block.text;
    if (block.kind === "rule") return "";
    if (block.kind === "list") return block.items.map((item) => words(item.children)).join("");
    if (block.kind === "table") return block.rows.flat(2).map(ofInline).join("");
    if (block.kind === "quote") return words(block.children);
    return block.children.map(ofInline).join("");
  };
  return blocks.map(ofBlock).join("");
}

describe("A message read as Markdown", () => {
  it("has emphasis, code, line breaks, lists, quotes, headings, rules and tables", () => {
    const text = "# h\n\n*a* **b** ~~c~~ `d`\ne\n\n1. x\n2. y\n\n> q\n\n---\n\n|a|b|\n|:-|-:|\n|1|2|";
    assert.deepEqual(
      parse(text).map((block) => block.kind),
      ["heading", "paragraph", "list", "quote", "rule", "table"],
    );
    assert.deepEqual(
      inlines("*a* **b** ~~c~~ `d`\ne")
        .filter((each) => each.kind !== "text")
        .map((each) => each.kind),
      ["emphasis", "strong", "strike", "code", "break"],
    );
    const table = parse("|a|b|\n|:-|-:|\n|1|2|")[0];
    assert.deepEqual(table?.kind === "table" && [table.rows.length, table.alignment], [2, ["start", "end"]]);
  });

  it("has the items of a task list with their state", () => {
    const [list] = parse("- [ ] a\n- [x] b\n- c [x]");
    assert.deepEqual(list?.kind === "list" && list.items.map((item) => item.checked), [false, true, undefined]);
  });

  it("numbers its blocks of code, of which each can be had by its number", () => {
    const text = "```ts\nlet a;\n```\n> ~~~~ c++ extra\n> b\n> ~~~~\n\n    indented\n";
    assert.deepEqual(codeBlockOf(text, 0), { text: "let a;", language: "ts" });
    assert.deepEqual(codeBlockOf(text, 1), { text: "b", language: "c++" });
    assert.deepEqual(codeBlockOf(text, 2), { text: "indented", language: "" });
    assert.equal(codeBlockOf(text, 3), undefined);
    const [first] = parse(text);
    assert.deepEqual(first, { kind: "codeBlock", text: "let a;", language: "ts", index: 0 });
  });

  it("keeps HTML as text", () => {
    const html = '<img src=x onerror="alert(1)"> <script>x</script> <b>b</b>';
    assert.equal(words(parse(html)), html);
    assert.equal(words(parse("<div>\n\n*a*\n\n</div>")), "<div>a</div>");
  });

  it("links to the web and to mail only, and leaves every other address as it was written", () => {
    for (const url of ["https://a.example/x_y_z", "http://b.example/", "mailto:c@d.example"]) {
      const [link] = inlines(`[words](${url})`);
      assert.ok(link?.kind === "link" && link.url === url, url);
    }
    for (const url of [
      "javascript:x",
      "command:x",
      "vscode://x",
      "file:///x",
      "data:text/html,x",
      "//host/x",
      "x.md",
    ]) {
      assert.equal(words(parse(`[a](${url}) <${url}>`)), `[a](${url}) <${url}>`, url);
    }
    assert.equal(words(parse("[a](https://user:secret@b.example)")), "[a](https://user:secret@b.example)");
  });

  it("makes a link of an image, so that nothing is loaded", () => {
    assert.deepEqual(inlines("![alt](https://a.example/i.png)"), [
      { kind: "link", url: "https://a.example/i.png", image: true, children: [{ kind: "text", text: "alt" }] },
    ]);
    assert.equal(words(parse("![alt](file:///i.png)")), "![alt](file:///i.png)");
  });

  it("finds addresses in the text, but not in code", () => {
    const parts = inlines("see https://a.example/x_y_z. `https://b.example`");
    assert.deepEqual(
      parts.filter((each) => each.kind === "link").map((each) => each.url),
      ["https://a.example/x_y_z"],
    );
    const [link] = inlines("https://a.example/\u202Egpj.exe");
    assert.equal(link?.kind === "link" && link.url, "https://a.example/%E2%80%AEgpj.exe");
    assert.deepEqual(inlines("https://a.example@b.example/"), [{ kind: "text", text: "https://a.example@b.example/" }]);
  });

  it("loses no line, not even one that could define a reference", () => {
    assert.equal(words(parse("[a]: https://b.example")), "[a]: https://b.example");
  });

  it("shows emoji for their short names, and leaves other words between colons alone", () => {
    assert.equal(words(parse("a :tada: b :nope: 10:30:45 `:tada:`")), "a 🎉 b :nope: 10:30:45 :tada:");
  });

  it("knows who is meant by a name, and does not take mail addresses for one", () => {
    const parts = inlines("@Bob, @alice. @carol x@bob (@alice)");
    assert.deepEqual(
      parts.filter((each) => each.kind === "mention").map((each) => [each.text, each.own]),
      [
        ["@Bob", true],
        ["@alice", false],
        ["@alice", false],
      ],
    );
  });

  it("knows who is meant in every spelling of the name [P-3.1]", () => {
    const names = { own: keyOfName("Straße"), others: new Set([keyOfName("Νίκος")]) };
    for (const [text, own] of [
      ["@STRASSE", true],
      ["@straße", true],
      ["@ΝΊΚΟΣ", false],
      ["@νίκοσ", false],
    ] as const) {
      assert.deepEqual(drawnWords(text, names), [{ kind: "mention", text, own }]);
    }
  });

  it("shows characters that hide or reorder text by their number", () => {
    assert.equal(words(parse("a\u202Eb\u2066c\u0007d\u200Be")), "a<U+202E>b<U+2066>c<U+0007>d<U+200B>e");
    assert.equal(words(parse("👩‍💻 fine")), "👩‍💻 fine");
  });
});

describe("A message that was made to be hard to read", () => {
  const size = 60_000;
  const hostile: Readonly<Record<string, string>> = {
    brackets: "[".repeat(size),
    "balanced brackets": "[".repeat(size / 2) + "]".repeat(size / 2),
    links: "[a](".repeat(size / 4),
    images: "![".repeat(size / 2),
    emphasis: "*a **b _c __d ~~e ".repeat(size / 18),
    backticks: Array.from({ length: 340 }, (_, index) => "`".repeat(index + 1)).join(" "),
    quotes: "> ".repeat(size / 2) + "x",
    lists: Array.from({ length: 240 }, (_, index) => `${" ".repeat(index * 2)}- a`).join("\n"),
    "wide table": `|${"a|".repeat(200)}\n|${"-|".repeat(200)}\n${"|\n".repeat(size / 3)}`,
    "many lines": "a\n".repeat(size / 2),
    fences: "```\n".repeat(size / 4),
    entities: "&a;".repeat(size / 3),
    "angle brackets": "<a@".repeat(size / 3),
    names: "@a".repeat(size / 2),
    colons: ":a".repeat(size / 2),
    addresses: "https://a ".repeat(size / 10),
  };

  for (const [name, text] of Object.entries(hostile)) {
    it(`is read within a second: ${name}`, () => {
      const startMs = performance.now();
      parse(text);
      assert.ok(performance.now() - startMs < 1_000, `it took ${performance.now() - startMs} ms`);
    });
  }

  it("is plain text, whole, when it is nested too deeply or has too many parts", () => {
    const deep = `${"> ".repeat(60)}x`;
    assert.deepEqual(parse(deep), [{ kind: "paragraph", children: [{ kind: "text", text: deep }] }]);
    const many = "*a* ".repeat(6_000).trim();
    assert.equal(words(parse(many)), many);
  });

  it("has a bounded number of parts to draw, and loses nothing of it", () => {
    const reordered = "\u202E".repeat(size / 3);
    for (const text of [...Object.values(hostile), "http://a.b ".repeat(size / 11), reordered, `\`${reordered}\``]) {
      const blocks = parse(text);
      assert.ok(elementsIn(blocks) <= 2_000, `${elementsIn(blocks)} elements: ${text.slice(0, 20)}`);
    }
    const lines = "a\n".repeat(size / 2);
    assert.equal(words(parse(lines)), lines);
    const reordering = words(parse("x\u202E ".repeat(5_000)));
    assert.ok(!reordering.includes("\u202E"));
    assert.equal(reordering.split("U+202E").length, 5_001);
  });
});

describe("A text that is being written", () => {
  it("ends in a block of code where one was begun and is not ended", () => {
    const fences = ["```", "```ts\nlet a;", "~~~\n```", "````\n```", "a\n```\n\n  b\n", "```\na\n```\n```"];
    const inside = ["- ```\n  a", "1. x\n   ```sh\n   npm i", "> ```\n> a", "```\n- a", "```\n> a"];
    for (const text of [...fences, ...inside]) assert.equal(endsInCode(text), true, text);
  });

  it("does not where the block is ended, or none was begun", () => {
    const ended = ["```\na\n```", "```\na\n```\n", "~~~~\na\n~~~~~ \nb", "- ```\n  a\n  ```", "> ```\n> a\n\nb"];
    for (const text of ["", "a", "what is ```?", "```a```", "`` `", "    ```", ...ended]) {
      assert.equal(endsInCode(text), false, text);
    }
  });
});

describe("The words of a message", () => {
  it("are what remains without the Markdown", () => {
    const text = "# A **b**\n- [x] c `d`\n\n```ts\ne\n```\n> f\n\n|g|\n|-|\n|h|\n\n[i](https://j.example)\u202E";
    assert.equal(wordsOf(text), "A b c d e f g h i");
    assert.equal(wordsOf("`a\u202Eb`\n```\nc\u2066d\n```"), "ab cd");
  });
});
