import assert from "node:assert/strict";
import { completed, completionAt } from "../../../../extension/webview/completion.ts";
import { contextOf } from "../../../../extension/webview/find-context.ts";
import { runsOf } from "../../../../extension/webview/highlight.ts";
import { slashOf, spoken } from "../../../../extension/webview/slash-commands.ts";
import { nothing, withChanged, withNewer, withOlder } from "../../../../extension/webview/message-window.ts";
import type { MessageWindow } from "../../../../protocol/page/page-messages.ts";
import { message } from "../stand-ins.ts";

const known = { names: ["alice", "Alan", "bob"], everyone: false };
const offered = (text: string, everyone = false): string[] =>
  completionAt(text, text.length, { ...known, everyone })?.offers.map((each) => each.text) ?? [];

describe("What is offered while one writes", () => {
  it("is the names behind an @ that begins a word", () => {
    assert.deepEqual(offered("hi @al"), ["@alice", "@Alan"]);
    assert.deepEqual(offered("(@B"), ["@bob"]);
    assert.deepEqual(offered("mail me@al"), []);
  });

  it("is the names in every spelling of their beginnings [P-3.1]", () => {
    const others = { names: ["οδυσσέας", "straße", "Zoë"], everyone: false };
    const offers = (text: string) => completionAt(text, text.length, others)?.offers.map((each) => each.text);
    assert.deepEqual([offers("@ΟΔΥΣ"), offers("@STRASS"), offers("@zO")], [["@οδυσσέας"], ["@straße"], ["@Zoë"]]);
  });

  it("is the commands behind a / at the beginning, without those that need one other person", () => {
    assert.deepEqual(offered("/m"), ["/me", "/mute"]);
    assert.ok(!offered("/", true).includes("/block"));
    assert.deepEqual(offered("and /m"), []);
  });

  it("is emoji behind a colon and two letters", () => {
    assert.ok(offered("wow :tad").includes("🎉"));
    assert.deepEqual(offered("at 10:t"), []);
  });

  it("is nothing in a block of code", () => {
    assert.deepEqual(offered("```ts\n@al"), []);
    assert.deepEqual(offered("```ts\n@x\n```\n@al"), ["@alice", "@Alan"]);
  });

  it("takes the place of what was typed, with a space behind", () => {
    const found = completionAt("hi @al there", 6, known);
    assert.ok(found?.offers[0]);
    assert.deepEqual(completed("hi @al there", 6, found.start, found.offers[0]), {
      text: "hi @alice there",
      caret: 10,
    });
  });
});

describe("A slash at the beginning", () => {
  it("is a command if there is one of that name, and otherwise part of the message", () => {
    assert.deepEqual(
      [slashOf("/away for lunch")?.command.name, slashOf("/away for lunch")?.rest],
      ["away", "for lunch"],
    );
    for (const text of ["/usr/bin", "//me", "/unknown x", "a /me", "/"]) assert.equal(slashOf(text), undefined, text);
  });

  it("turns what one does into emphasis, once, whatever is in it", () => {
    const me = slashOf("/me waves *a lot*");
    assert.equal(me && spoken(me), "*waves \\*a lot\\**");
  });
});

describe("The window of messages that is drawn", () => {
  const page = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
  const ends = ({ messages, more, moreAfter }: MessageWindow) => [
    messages[0]?.seq,
    messages.at(-1)?.seq,
    more,
    moreAfter,
  ];
  const newest: MessageWindow = { messages: page(941, 1_000), more: true, moreAfter: false };

  it("grows at the end that the person scrolls to, and is dropped at the other one when it is long", () => {
    let shown = newest;
    for (let first = 941; first > 700; first -= 60) shown = withOlder(shown, page(first - 60, first - 1), true);
    assert.deepEqual(ends(shown), [641, 840, true, true]);
    shown = withNewer(shown, page(841, 900), true);
    assert.deepEqual(ends(shown), [701, 900, true, true]);
  });

  it("takes new messages only where it ends with the newest, and changes only of what it has", () => {
    assert.deepEqual(ends(withChanged(newest, [message(1_001)], undefined)), [941, 1_001, true, false]);
    const middle = { messages: page(100, 160), more: true, moreAfter: true };
    const changed = withChanged(middle, [message(99), message(161), message(120, { text: "new" })], 110);
    assert.deepEqual(ends(changed), [100, 160, true, true]);
    assert.equal(changed.messages[20]?.text, "new");
  });

  it("stays bounded however much comes in, at the end that is not being read", () => {
    let behind = newest;
    let following = newest;
    for (let seq = 1_001; seq <= 2_000; seq += 1) {
      behind = withChanged(behind, [message(seq)], 941);
      following = withChanged(following, [message(seq)], undefined);
    }
    assert.ok(behind.messages.length <= 240 && following.messages.length <= 240);
    assert.deepEqual([behind.messages[0]?.seq, behind.moreAfter], [941, true]);
    assert.deepEqual([following.messages.at(-1)?.seq, following.moreAfter], [2_000, false]);
  });

  it("keeps what is around the reader, who may be close to either end", () => {
    const long = { messages: page(761, 1_000), more: false, moreAfter: false };
    assert.deepEqual(ends(withChanged(long, [message(1_001)], 990)), [802, 1_001, true, false]);
    assert.deepEqual(ends(withChanged(long, [message(1_001)], 880)), [780, 979, true, true]);
    assert.deepEqual(ends(withChanged(long, [message(1_001)], 770)), [761, 960, false, true]);
  });

  it("begins with nothing", () => {
    assert.deepEqual(ends(withChanged(nothing, [message(1)], undefined)), [1, 1, false, false]);
  });
});

describe("What was found in a message", () => {
  it("is marked as the search takes it, without regard to case and accents", () => {
    const pieces = contextOf("A café in CAFETERIA, decaf", "cafe");
    assert.deepEqual(
      pieces.filter((each) => each.found).map((each) => each.text),
      ["café", "CAFE"],
    );
    assert.equal(pieces.map((each) => each.text).join(""), "A café in CAFETERIA, decaf");
  });

  it("is marked by its place in the text, whatever it was folded to", () => {
    const marked = (text: string, asked: string): string[] =>
      contextOf(text, asked).flatMap((piece) => (piece.found ? [piece.text] : []));
    assert.deepEqual(marked("Straße zu parseHTTPResponse, ЁЛКА 今天天气", "strasse http елка 天气"), [
      ...["Straße", "HTTP", "ЁЛКА", "天气"],
    ]);
    assert.deepEqual(marked("و مُحَمَّد 👩‍💻 done", "محمد 👩‍💻"), ["مُحَمَّد", "👩‍💻"]);
  });

  it("is shown with the words around it when the message is long", () => {
    const pieces = contextOf(`${"x ".repeat(500)}needle${" y".repeat(500)}`, "need");
    const line = pieces.map((each) => each.text).join("");
    assert.match(line, /^….*needle.*…$/u);
    assert.ok(line.length < 200);
  });

  it("is shown from the beginning of a word, where one begins close enough", () => {
    const [gap, words] = contextOf("Morning everybody! Do you have a minute for the retry policy?", "retry");
    assert.deepEqual([gap?.text, words?.text], ["…", "have a minute for the "]);
    assert.equal(contextOf(`${"x".repeat(200)}-retry`, "retry")[1]?.text, `${"x".repeat(23)}-`);
  });
});

describe("Code in colours", () => {
  it("is the same code, in runs with their scopes", () => {
    const code = "const a = `x${1}`; // y\n<b>&amp;</b>";
    const runs = runsOf(code, "ts");
    assert.equal(runs.map((run) => run.text).join(""), code);
    assert.ok(runs.some((run) => run.text === "const" && run.scopes.includes("keyword")));
    assert.ok(runs.some((run) => run.text === "1" && run.scopes.join(" ") === "string subst number"));
  });

  it("stays plain in a language that is not known, and where it is long", () => {
    assert.deepEqual(runsOf("a b", "klingon"), [{ text: "a b", scopes: [] }]);
    assert.equal(runsOf("let a;\n".repeat(5_000), "ts").length, 1);
  });

  it("is ready within a second, whatever is in it", () => {
    for (const language of ["ts", "xml", "sql", "csharp", "ini", "bash", "python", "rust"]) {
      for (const part of ["`${", "<a ", '"\\', "/*", "- a: ", "@a(", "a ", "1"]) {
        const before = process.cpuUsage();
        runsOf(part.repeat(8_000 / part.length), language);
        runsOf(`${part.repeat(900 / part.length)}\n`.repeat(8), language);
        const { user } = process.cpuUsage(before);
        assert.ok(user < 1_000_000, `${language} ${part}: ${user / 1_000} ms`);
      }
    }
  });
});
