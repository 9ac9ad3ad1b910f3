import assert from "node:assert/strict";
import { drawnWords } from "../../../../extension/markdown/text-run.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { hostileTexts } from "./hostile-texts.ts";
import { fasterThanLinear, longerThan } from "../../../support/growth.ts";
import { contextOf } from "../../../../extension/webview/find-context.ts";
import { linkify } from "../../../../extension/markdown/linkify.ts";
import { codeBlockOf, endsInCode, parseMessage } from "../../../../extension/markdown/parse.ts";
import { elementsIn } from "../../../../extension/markdown/size.ts";
import { wordsOf, wordsOfLine } from "../../../../extension/markdown/plain.ts";
import type { Block, Inline, Names } from "../../../../extension/markdown/message-tree.ts";

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

  /** What links show, and what they open. */
  const links = (text: string): [string, string][] => {
    const found: [string, string][] = [];
    const look = (parts: readonly Inline[]): void => {
      for (const part of parts) {
        if (part.kind === "link") found.push([words([{ kind: "paragraph", children: part.children }]), part.url]);
        else if ("children" in part) look(part.children);
      }
    };
    look(inlines(text));
    return found;
  };

  it("finds an address before it reads emphasis, entities or escapes, and shows and opens it as typed", () => {
    for (const url of [
      "https://github.com/x/y/blob/main/pkg/__init__.py",
      "https://github.com/x/y/tree/main/src/__tests__/a.test.ts",
      "http://a/_b_",
      "https://a.example/a*b*c",
      "https://a.example/*/x/*",
      "https://a.example/job/~~old~~/1",
      "https://a.example/?a=1&copy;=2&amp;b=3",
      "https://a.example/search?q=[a](b)",
      "https://a.example/:tada:/@bob/x:8080:y",
      "https://en.example/wiki/Foo_(bar)_(baz)",
      "https://web.example/2020/https://a.example/a_b_c",
      "mailto:a_b_@c.example",
    ]) {
      for (const text of [
        url,
        `see ${url} and a_b_`,
        `(${url}).`,
        `**bold** ${url}!`,
        `a_b ${url}, *c*`,
        `\`*\` ${url}`,
      ]) {
        assert.deepEqual(links(text), [[url, url]], text);
      }
      assert.deepEqual(links(`# ${url}`.slice(2)), [[url, url]]);
      assert.equal(wordsOf(`> ${url}`), url);
      assert.equal(wordsOf(`- [ ] ${url}`), url);
      assert.equal(wordsOf(`|a|\n|-|\n|${url}|`), `a ${url}`);
      assert.equal(wordsOfLine(`look: ${url} *now*`), `look: ${url} now`);
    }
    assert.deepEqual(links("https://a.example/a\\_b"), [["https://a.example/a\\_b", "https://a.example/a/_b"]]);
    for (const host of ["https://a.example", "http://[::1]:8080", "http://localhost:3000", "HTTP://A.example."]) {
      const url = new URL(host.replace(/\.$/u, "")).href;
      assert.deepEqual(
        links(`${host} <b> (${host})`).map((each) => each[1]),
        [url, url],
        host,
      );
    }
  });

  it("leaves the backslash that breaks a line out of the address before it", () => {
    assert.deepEqual(links("https://a.example/b\\\nc"), [["https://a.example/b", "https://a.example/b"]]);
    assert.equal(words(parse("https://a.example/b\\\nc")), "https://a.example/b\nc");
  });

  it("ends an address where the emphasis ends that began before it", () => {
    const url = "https://a.example/b";
    for (const [before, behind] of [
      ["**", "**"],
      ["*", "*"],
      ["_", "_"],
      ["~~", "~~"],
      ["**_", "_**"],
      ["*see ", "*."],
      ["**", "**，然后"],
      ["**看 ", "**然后"],
      ["(**", "**)"],
      ["***a** ", "*"],
    ] as const) {
      const text = `${before}${url}${behind}`;
      assert.deepEqual(links(text), [[url, url]], text);
      assert.doesNotMatch(words(parse(text)), /[*~]/u, text);
    }
    assert.deepEqual(links(`a * b ${url}*c*`), [[`${url}*c*`, `${url}*c*`]]);
    assert.deepEqual(links(`__a__ ${url}__c__`), [[`${url}__c__`, `${url}__c__`]]);
  });

  it("leaves the words and addresses of links, code and angle brackets alone", () => {
    assert.deepEqual(links("[https://a.example/x_y_](https://b.example/_c_)"), [
      ["https://a.example/x_y_", "https://b.example/_c_"],
    ]);
    assert.deepEqual(links("[a https://a.example/[b]](https://b.example)"), [
      ["a https://a.example/[b]", "https://b.example/"],
    ]);
    assert.deepEqual(links("<https://a.example/__init__.py>"), [
      ["https://a.example/__init__.py", "https://a.example/__init__.py"],
    ]);
    assert.deepEqual(links("`https://a.example/_b_` \\https://c.example xhttps://d.example"), []);
    assert.deepEqual(links("看https://a.example/b。再看http://c.example/d」"), [
      ["https://a.example/b", "https://a.example/b"],
      ["http://c.example/d", "http://c.example/d"],
    ]);
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

  it("makes no emoji inside a word", () => {
    for (const text of [
      "root:x:0:0:root:/root:/bin/bash",
      "use tokio::sync::watch::channel and crate::key::Key",
      "docker run -v a:x:ro",
      "a:v:b 2:100:3 chmod g:x: ok:x:",
      "文:tada:字",
      ":tada:x",
      ":tada::tada:",
      "**a**:x:",
      ":x:*a*",
      "[a](https://b.example):x:",
    ]) {
      assert.doesNotMatch(wordsOf(text), /\p{Extended_Pictographic}/u, text);
    }
    assert.equal(wordsOf(":+1: (:tada:) *:x:*, :x:."), "👍 (🎉) ❌, ❌.");
    assert.equal(wordsOf("`a` :x:\n:x: **b**"), "a ❌ ❌ b");
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
  /** Nearly the longest message. */
  const most = 60_000;
  const readers: Readonly<Record<string, (text: string) => unknown>> = {
    "a message, and its words": wordsOf,
    "a text that is being written": (text) => endsInCode(`\`\`\`\n\`\`\`\n${text}`),
    "addresses in plain text": linkify,
    "what was found": (text) => contextOf(text, "a"),
  };
  const ordinary = "Some *words* with `code`, see https://a.example/b_c (or @alice):\n\n- one\n- two\n\n";
  it("takes no more than a few times as long as an ordinary one of its length", () => {
    const texts = Object.entries(hostileTexts).map(([name, make]) => [name, make(most).slice(0, most)] as const);
    const usual = ordinary.repeat(most / ordinary.length);
    wordsOf(usual);
    assert.deepEqual(longerThan(5, usual, Object.fromEntries(texts), wordsOf), []);
  }).timeout(60_000);

  for (const [reader, read] of Object.entries(readers)) {
    it(`takes time in proportion to its length: ${reader}`, () => {
      for (const [name, make] of Object.entries(hostileTexts)) {
        const slow = fasterThanLinear(most / 4, (size) => make(size).slice(0, size), read);
        assert.equal(slow, undefined, name);
      }
    }).timeout(60_000);
  }

  it("is plain text, whole, when it is nested too deeply or has too many parts", () => {
    const deep = `${"> ".repeat(60)}x`;
    assert.deepEqual(parse(deep), [{ kind: "paragraph", children: [{ kind: "text", text: deep }] }]);
    const many = "*a* ".repeat(6_000).trim();
    assert.equal(words(parse(many)), many);
  });

  it("has a bounded number of parts to draw, and loses nothing of it", () => {
    const reordered = "\u202E".repeat(size / 3);
    const texts = Object.values(hostileTexts).map((make) => make(size).slice(0, size));
    for (const text of [...texts, `\`${reordered}\``]) {
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

  it("hold no Markdown that was cut in the middle", () => {
    for (const [cut, words] of [
      ["see [named](https://example.org/abc…", "see named…"],
      ["see [nam…", "see nam…"],
      ["![pic](https://x…", "pic…"],
      ["**bold text…", "bold text…"],
      ["a *b **c…", "a b c…"],
      ["use `code that…", "use code that…"],
      ["`a *b…", "a *b…"],
      ["done **x** and…", "done x and…"],
      ["<https://x.example/ab…", "https://x.example/ab…"],
      ["in __init…", "in __init…"],
      ["```ts let a = 1;…", "let a = 1;…"],
      ["\\*no…", "*no…"],
      ["[x] y…", "[x] y…"],
      ["https://a.example/_b_…", "https://a.example/_b_…"],
    ] as const) {
      assert.equal(wordsOfLine(cut), words, cut);
    }
  });
});
