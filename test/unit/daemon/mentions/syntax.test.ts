import assert from "node:assert/strict";
import { isForPeople } from "../../../../daemon/mentions/syntax.ts";
import { fasterThanLinear } from "../../../support/growth.ts";

/** Where the text has a `¦`. */
function at(languageId: string, marked: string): boolean {
  const offset = marked.indexOf("¦");
  return isForPeople(languageId, marked.replace("¦", ""), offset);
}

describe("where a document is written for people", () => {
  const inside: readonly (readonly [string, string])[] = [
    ["typescript", "// ask @¦"],
    ["typescript", "//@¦"],
    ["typescript", "const a = 1; /* ask\n * @¦\n */"],
    ["typescript", 'const url = "http://x"; // @¦'],
    ["typescript", "const s = 'it\\'s'; // @¦"],
    ["typescript", "const t = `a\n'b`; // @¦"],
    ["typescript", "const broken = 'no end\n// @¦"],
    ["typescript", "/* one */ f(); /* @¦ two */"],
    ["rust", "fn f<'a>(x: &'a str) {} // @¦"],
    ["python", "x = 1  # @¦"],
    ["python", '"""doc\n# no\n"""\n# @¦'],
    ["shellscript", "echo $# # @¦"],
    ["sql", "select 1 -- @¦"],
    ["lua", "--[[ long\n@¦ ]]"],
    ["html", "<p>no</p><!-- @¦ -->"],
    ["vb", "x = 1 ' @¦"],
    ["markdown", "# Title\n`code` @¦"],
    ["plaintext", "@¦"],
    ["git-commit", "Fix it, thanks @¦\n"],
    ["scminput", "@¦"],
  ];
  for (const [language, text] of inside) {
    it(`takes ${JSON.stringify(text)} of ${language} for it`, () => assert.equal(at(language, text), true));
  }

  const outside: readonly (readonly [string, string])[] = [
    ["typescript", "@¦"],
    ["typescript", "// done\n@¦"],
    ["typescript", "/* done */ @¦"],
    ["typescript", 'const a = "// @¦"'],
    ["typescript", "const a = `/* @¦"],
    ["typescript", "// at the end of the line before\n¦"],
    ["python", '"""@¦"""'],
    ["shellscript", "echo $#@¦"],
    ["shellscript", "echo a#@¦"],
    ["html", "<p>@¦</p>"],
    ["json", "// @¦"],
    ["no-such-language", "// @¦"],
    ["constructor", "@¦"],
  ];
  for (const [language, text] of outside) {
    it(`leaves ${JSON.stringify(text)} of ${language} alone`, () => assert.equal(at(language, text), false));
  }

  it("reads a document once, whatever is in it", () => {
    const lines: Readonly<Record<string, string>> = {
      ...{
        quotes: '"',
        apostrophes: "'",
        backticks: "`",
        braces: "{",
        slashes: "/",
        "comment marks": "/*",
        hashes: "#",
      },
      ...{ "quotes on lines": '"\n', "apostrophes on lines": "a'b\n", brackets: "(*", dashes: "--", tags: "<!--" },
      ...{
        backslashes: "\\",
        words: "a ",
        "all of them": "\"a' /* \n",
        code: "const a = `x`; /* y */\n",
        "at signs": "@",
      },
    };
    for (const language of [
      "typescript",
      "java",
      "rust",
      "php",
      "python",
      "ruby",
      "powershell",
      "sql",
      "lua",
      "haskell",
      "ocaml",
      "fsharp",
      "pascal",
      "vb",
      "html",
      "vue",
      "lisp",
      "latex",
    ]) {
      for (const [what, line] of Object.entries(lines)) {
        const make = (size: number): string => `${line.repeat(size / line.length)} @al`;
        const slow = fasterThanLinear(40_000, make, (text) => isForPeople(language, text, text.length));
        assert.equal(slow, undefined, `${what} in ${language}`);
      }
    }
  }).timeout(30_000);
});
