import assert from "node:assert/strict";
import fc from "fast-check";
import {
  countHidden,
  hiddenClass,
  hiddenKinds,
  hiddenRanges,
  jsonWithoutHidden,
  piecesOf,
  withoutHidden,
} from "../../../../protocol/text/hidden-characters.ts";

/** The text as it is shown, hidden characters by name. */
const shown = (text: string): string =>
  piecesOf(text)
    .map((piece) => (piece.kind === "text" ? piece.text : `<${piece.code}>`))
    .join("");

describe("Hidden characters", () => {
  it("are all that Unicode calls ignorable, controls, separators of lines, and halves of pairs", () => {
    const unicode =
      /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\p{Line_Separator}\p{Paragraph_Separator}\uFFF9-\uFFFB]/u;
    const list = new RegExp(`^[${hiddenClass}]$`, "u");
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const character = String.fromCodePoint(codePoint);
      const expected = unicode.test(character) && character !== "\n" && character !== "\t";
      if (list.test(character) !== expected) assert.fail(`U+${codePoint.toString(16)} should be ${expected}`);
    }
  });

  it("are listed once, in order, each with a reason", () => {
    for (const [index, { from, to, why }] of hiddenRanges.entries()) {
      assert.ok(from <= to && from > (hiddenRanges[index - 1]?.to ?? -1), why);
      assert.notEqual(why, "");
    }
  });

  it("are named where they stand", () => {
    assert.equal(shown("a\u202Eb\u{E0041}c\u0007\u3164"), "a<U+202E>b<U+E0041>c<U+0007><U+3164>");
    assert.equal(countHidden("\u202Ea\u202E\u2066"), 3);
    assert.deepEqual(hiddenKinds("\u202Ea\u202E\u2066"), ["U+202E", "U+2066"]);
    assert.deepEqual(piecesOf(""), []);
  });

  it("are kept where an emoji or a script needs them", () => {
    const needed = {
      "a profession": "\u{1F469}\u200D\u{1F4BB}",
      "a kiss, with skin tones": "\u{1F468}\u{1F3FB}\u200D\u2764\uFE0F\u200D\u{1F48B}\u200D\u{1F468}\u{1F3FF}",
      "a rainbow flag": "\u{1F3F3}\uFE0F\u200D\u{1F308}",
      "a heart, and one as text": "\u2764\uFE0F \u2764\uFE0E",
      "a keycap": "1\uFE0F\u20E3 #\uFE0F\u20E3",
      "the flag of Wales": "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
      "a Persian verb": "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
      "a half form of Devanagari": "\u0915\u094D\u200D\u0937",
      Sinhala: "\u0DC1\u0DCA\u200D\u0DBB\u0DD3",
      Mongolian: "\u182D\u180E\u1820 \u1820\u180B",
      "a variant of an ideograph": "\u845B\u{E0100} \u53F1\uFE00",
      "the end of a line of Windows": "a\r\nb",
    };
    for (const [what, text] of Object.entries(needed)) {
      assert.equal(shown(text), text, what);
      assert.equal(withoutHidden(text), text, what);
    }
  });

  it("are hidden where they only look as if they were needed", () => {
    const pretending = {
      "a joiner between Latin letters": "a\u200Db",
      "a joiner behind an emoji": "\u{1F44D}\u200D",
      "a second selector": "\u2764\uFE0F\uFE0F",
      "a selector behind a digit": "1\uFE0F",
      "a selector behind a letter": "a\u{E0100}",
      "selectors that spell bytes": "\u845B\u{E0100}\u{E0101}",
      "tags without a flag": "\u{E0067}\u{E0062}\u{E007F}",
      "a flag whose tags do not end": "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}",
      "a sentence in a flag": `\u{1F3F4}${"\u{E0061}".repeat(7)}\u{E007F}`,
      "half of a pair": "\uD83D!",
      "a Mongolian selector behind the separator": "\u1820\u180E\u180B",
      "a lone carriage return": "a\rb",
    };
    for (const [what, text] of Object.entries(pretending)) assert.ok(countHidden(text) > 0, what);
    assert.equal(countHidden(`a${"\u180E\u180B".repeat(9)}`), 18, "a run of them is hidden to its end");
  });

  it("are gone from a text in which something else stands for them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.equal(countHidden(withoutHidden(text, "_")), 0);
        assert.ok(!shown(text).includes("\u202E"));
      }),
    );
  });

  it("are escaped in JSON, which stays the same for its reader", () => {
    assert.equal(jsonWithoutHidden('"a\u009B\u{E0041}\u202E"'), String.raw`"a\u009b\udb40\udc41\u202e"`);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const json = jsonWithoutHidden(JSON.stringify({ text }));
        assert.equal(countHidden(json), 0);
        assert.deepEqual(JSON.parse(json), { text });
      }),
    );
  });
});
