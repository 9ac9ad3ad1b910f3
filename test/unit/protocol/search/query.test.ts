import assert from "node:assert/strict";
import { holds, phrasesOf, placesOf } from "../../../../protocol/search/query.ts";

/** What a query finds in a text, in order; nothing if the text is not found. */
function found(text: string, query: string): string[] {
  const places = placesOf(text, query).map(({ from, to }) => text.slice(from, to));
  const phrases = phrasesOf(query);
  if (holds(text, phrases)) assert.ok(phrases.length === 0 || places.length > 0, `${query} in ${text}`);
  return phrases.length > 0 && holds(text, phrases) ? places : [];
}

/** Each: a text, a query, and what of the text it finds. */
type Case = readonly [text: string, query: string, ...found: string[]];

const groups: Readonly<Record<string, readonly Case[]>> = {
  "without regard to case and marks, in every script that can be read without them": [
    ["Deploy the naïve server", "NAIVE", "naïve"],
    ["cafe\u0301 and café", "CAFÉ", "cafe\u0301", "café"],
    ["Straße und STRASSE", "strasse", "Straße", "STRASSE"],
    ["Łódź, Ærø, Guðmundur", "lodz", "Łódź"],
    ["Łódź, Ærø, Guðmundur", "aero gudmundur", "Ærø", "Guðmundur"],
    ["İstanbul, ISPARTA, ısparta", "istanbul isparta", "İstanbul", "ISPARTA", "ısparta"],
    ["Νίκος ΝΙΚΟΣ νικοσ", "νίκος", "Νίκος", "ΝΙΚΟΣ", "νικοσ"],
    ["ᾳδω ᾼΔΩ", "αδω", "ᾳδω", "ᾼΔΩ"],
    ["Ёлка, елка, за\u0301мок", "ёлка замок", "Ёлка", "елка", "за\u0301мок"],
    ["مُحَمَّد و محمد ومـحـمـد", "محمد", "مُحَمَّد", "محمد", "مـحـمـد"],
    ["أحمد", "احمد", "أحمد"],
    ["שָׁלוֹם עולם", "שלום", "שָׁלוֹם"],
    ["ﬁle ½ x² ＡＢＣ ㎏", "file x2 abc kg", "ﬁle", "x²", "ＡＢＣ", "㎏"],
    ["𝒳𝓎𝓏 and \u{10400}\u{10401}\u{10402}", "xyz \u{10428}\u{10429}\u{1042a}", "𝒳𝓎𝓏", "\u{10400}\u{10401}\u{10402}"],
    ["soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth", "soft\u00adhyphen", "zero\u200bwidth"],
    ["می\u200cخواهم", "میخواهم", "می\u200cخواهم"],
  ],
  "with the letters and vowels that another mark makes": [
    ["Йод и йога", "иод"],
    ["Йод и йога", "ЙОД", "Йод"],
    ["Київ, Ґанок", "киів"],
    ["Київ", "КИЇВ", "Київ"],
    ["हिन्दी में", "हन्दी"],
    ["हिन्दी में", "हिन्दी", "हिन्दी"],
    ["हिन्दी में", "हि", "हि"],
    ["がく", "か"],
    ["ｶﾞｷﾞ", "ガギ", "ｶﾞｷﾞ"],
    ["ครับ", "ครบ"],
  ],
  "any part of a sentence without spaces": [
    ["今天天气很好，我们去公园吧。", "天", "天", "天"],
    ["今天天气很好，我们去公园吧。", "天气 公园", "天气", "公园"],
    ["今天天气很好，我们去公园吧。", "气天"],
    ["今天天气很好，我们去公园吧。", "好我"],
    ["東京タワーへ行きました", "タワー 行き", "タワー", "行き"],
    ["안녕하세요여러분", "한"],
    ["안녕하세요여러분", "녕", "녕"],
    ["안녕하세요여러분", "여러분", "여러분"],
    ["\u1112\u1161\u11ab국", "한국", "\u1112\u1161\u11ab국"],
    ["สวัสดีครับ", "ครับ", "ครับ"],
    ["第3章 iPhone手机", "第3章", "第3章"],
    ["第3章 iPhone手机", "iphone手机", "iPhone手机"],
    ["𠀀𠀁字", "𠀁", "𠀁"],
  ],
  "emoji and flags as a whole, whatever their colour": [
    ["shipped 🎉🎉", "🎉", "🎉", "🎉"],
    ["go 🇩🇪!", "🇩🇪", "🇩🇪"],
    ["🇮🇩🇪🇺", "🇩🇪"],
    ["👩‍💻 here", "👩"],
    ["👩‍💻 here", "👩‍💻", "👩‍💻"],
    ["👍🏽 ❤️ ❤", "👍 ❤", "👍🏽", "❤️", "❤"],
    ["1️⃣ one", "1️⃣", "1️⃣"],
    ["1 one", "1️⃣"],
    ["a → b, 10€", "→ €", "→", "€"],
  ],
  "names of programs by their parts and spellings": [
    ["call parseHTTPResponse(x)", "http", "HTTP"],
    ["call parseHTTPResponse(x)", "RESPONSE", "Response"],
    ["call parseHTTPResponse(x)", "parse_http", "parseHTTP"],
    ["call parseHTTPResponse(x)", "re", "Re"],
    ["call parseHTTPResponse(x)", "parsehttpresponse", "parseHTTPResponse"],
    ["parse_http-response", "parseHttpResp", "parse_http-resp"],
    ["getUser() superuser", "user", "User", "user"],
    ["getUser()", "us", "Us"],
    ["getUser()", "se"],
    ["utf8 to utf16", "8", "8"],
    ["don't panic", "dont", "don't"],
  ],
  "parts of names, paths, error codes and code as it was typed": [
    ["ECONNREFUSED at /usr/lib/x.so.1", "refused", "REFUSED"],
    ["ECONNREFUSED at /usr/lib/x.so.1", "lib/x.so", "lib/x.so"],
    ["ECONNREFUSED at /usr/lib/x.so.1", "ib/x.s", "ib/x.s"],
    ["src/foo/bar.ts:10:2", "foo/bar.ts", "foo/bar.ts"],
    ["src/foo/bar.ts:10:2", "ts", "ts"],
    ["C:\\Users\\me", "users\\me", "Users\\me"],
    ["error TS2345, E_FAIL 0x80070005", "ts2345 e_fail 0x8007", "TS2345", "E_FAIL", "0x8007"],
    ["std::vector<int>", "std::vec", "std::vec"],
    ["foo(bar) baz", "foo(bar", "foo(bar"],
    ["foo baz bar", "foo(bar"],
    ['she said "stop now"', '"stop now"', "stop", "now"],
    ["words: {x}", "words:x", "words: {x"],
    ["C++ or C#", "c++", "C", "C"],
  ],
};

describe("what a search finds in a text", () => {
  for (const [name, cases] of Object.entries(groups)) {
    it(`is ${name}`, () => {
      for (const [text, query, ...expected] of cases) {
        assert.deepEqual(found(text, query), expected, `${query} in ${text}`);
      }
    });
  }

  it("is nothing for a query without a letter or sign, and never an error", () => {
    for (const query of ["", " ", '"', "-", "*", "()", "\u0301", "\ud800", "\u0000", "\ufdd0", "_ - '"]) {
      assert.deepEqual(phrasesOf(query), [], JSON.stringify(query));
    }
  });

  it("takes no time to speak of, whatever the text is", () => {
    const parts = ["x ", "_", "aA", "a_", "é", "👩\u200d", "\u0301", "今天", "ﷺ", "'", "𝒳", "a\u0301"];
    const texts = parts.map((part) => part.repeat(10_000 / part.length));
    for (const text of texts) for (const query of ["x", "aaaa", "今天", text.slice(0, 1_000)]) placesOf(text, query);
  });

  it("has at most 50 places, none in another, in their order", () => {
    const places = placesOf("aaa ".repeat(200), "aa a aaa");
    assert.equal(places.length, 50);
    for (const [at, { from, to }] of places.entries()) {
      assert.ok(from < to && from >= (places[at - 1]?.to ?? 0));
    }
  });
});
