import assert from "node:assert/strict";
import { linkify } from "../../../../extension/markdown/linkify.ts";
import { safeLink } from "../../../../extension/markdown/links.ts";

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

  it("are found quickly in a long text that almost has them", () => {
    const startMs = performance.now();
    linkify("https://" + "a.)".repeat(20_000));
    linkify("https://" + ")".repeat(60_000));
    linkify(("https://" + ")".repeat(2_000)).repeat(30));
    linkify("http".repeat(20_000));
    assert.ok(performance.now() - startMs < 1_000);
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
