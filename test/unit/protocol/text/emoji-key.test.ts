import assert from "node:assert/strict";
import { emojiKey, reactionOf } from "../../../../protocol/text/emoji-key.ts";

describe("A reaction", () => {
  const spellings: Readonly<Record<string, readonly [string, string]>> = {
    "a heart": ["\u2764", "\u2764\uFE0F"],
    "a face": ["\u263A", "\u263A\uFE0F"],
    "a keycap": ["1\u20E3", "1\uFE0F\u20E3"],
    "an eye in a bubble": ["\u{1F441}\u200D\u{1F5E8}", "\u{1F441}\uFE0F\u200D\u{1F5E8}\uFE0F"],
    "a kiss": [
      "\u{1F468}\u{1F3FB}\u200D\u2764\u200D\u{1F48B}\u200D\u{1F468}\u{1F3FF}",
      "\u{1F468}\u{1F3FB}\u200D\u2764\uFE0F\u200D\u{1F48B}\u200D\u{1F468}\u{1F3FF}",
    ],
  };
  for (const [what, [bare, qualified]] of Object.entries(spellings)) {
    it(`is one emoji however it is spelled: ${what}`, () => {
      assert.equal(reactionOf(bare), qualified);
      assert.equal(reactionOf(qualified), qualified);
      assert.equal(emojiKey(bare), emojiKey(qualified));
    });
  }

  it("is one emoji of whatever parts", () => {
    const wales = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}";
    for (const emoji of ["👍", "👍🏽", "👩‍💻", "👩‍👩‍👧‍👦", "🇨🇭", "🫠", "🏳️‍🌈", wales])
      assert.equal(reactionOf(emoji), emoji, emoji);
    assert.equal(reactionOf("\u{1F44D}\uFE0F"), "👍", "what has colours by itself does not ask for them");
  });

  it("is nothing else", () => {
    const several = ["👍👎🎉😀😀", "911👍", "12345😀", "#️⃣*️⃣", "🇩🇪🇫🇷🇮🇹", "👍 ", " 👍", "👍\n"];
    const none = ["", "a", "1", "<b>", "\u202e", "\u200d", "🏻", "🇦", "\uFE0F", "ok"];
    const hiding = [
      `👍${"\u200d".repeat(20)}`,
      "\uFE0F👍",
      "👍\uFE0F\uFE0F",
      "\u{E0067}\u{1F600}\u{E007F}",
      "👍\u{E0061}",
      "👍\uFE0E",
    ];
    for (const text of [...several, ...none, ...hiding])
      assert.equal(reactionOf(text), undefined, JSON.stringify(text));
  });
});
