import assert from "node:assert/strict";
import { linkify } from "../../../../extension/markdown/linkify.ts";
import { safeLink } from "../../../../extension/markdown/link-policy.ts";

describe("Addresses in a text", () => {
  const links = (text: string): string[] =>
    linkify(text)
      .filter((each) => each.kind === "link")
      .map((each) => each.text);

  it("are found without the punctuation around them", () => {
    assert.deepEqual(links("see https://a.example/x, (http://b.example/y) or mailto:c@example.com."), [
      "https://a.example/x",
      "http://b.example/y",
      "mailto:c@example.com",
    ]);
    assert.deepEqual(links("https://en.example/wiki/A_(b)"), ["https://en.example/wiki/A_(b)"]);
  });

  it("are web and mail addresses only", () => {
    assert.deepEqual(links("command:x javascript:y file:///z vscode://w <https://>"), []);
  });

  it("leave the text as it was", () => {
    for (const text of ["", "plain", "a https://b.example c", "https://a.example", "x\nhttps://a.example\ny"]) {
      assert.equal(
        linkify(text)
          .map((each) => each.text)
          .join(""),
        text,
      );
    }
  });

  it("end before the punctuation of Chinese, Japanese and typographers, behind which no space stands", () => {
    for (const mark of "，。、；：！？（）「」『』【】《》〈〉…“”．｡") {
      assert.deepEqual(links(`看 https://a.example/b${mark}然后说`), ["https://a.example/b"], mark);
    }
    assert.deepEqual(links("https://a.example/中文"), ["https://a.example/中文"]);
    assert.deepEqual(links("（https://a.example/b）。"), ["https://a.example/b"]);
  });

  it("are not found where they are too long", () => {
    assert.deepEqual(links(`http://${"a".repeat(2_040)}`).length, 1);
    assert.deepEqual(links(`http://${"a".repeat(2_048)}`), []);
  });
});

describe("A link in a message", () => {
  it("is opened if it is a web or mail address", () => {
    assert.equal(safeLink("https://example.com/a?b#c"), "https://example.com/a?b#c");
    assert.equal(safeLink("HTTP://EXAMPLE.com"), "http://example.com/");
    assert.equal(safeLink("mailto:a@example.com"), "mailto:a@example.com");
  });

  it("is not opened otherwise", () => {
    const bad = [
      "command:x",
      "vscode://file//host/x",
      "file:///etc/passwd",
      "javascript:1",
      "data:text/html,x",
      "x",
      "",
    ];
    bad.push(`https://example.com/${"ü".repeat(2_000)}`);
    for (const each of [...bad, "//host/share", "\\\\host\\share", "https://user:secret@example.com"]) {
      assert.equal(safeLink(each), undefined, each);
    }
  });
});
