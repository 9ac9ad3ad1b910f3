import assert from "node:assert/strict";
import { parseArguments } from "../../../../cli/parse/arguments.ts";
import { formatMessage, Output, plain } from "../../../../cli/terminal/output.ts";
import type { ChatMessage } from "../../../../protocol/api/model.ts";

const parse = (line: string) => parseArguments(line.split(" ").filter((word) => word !== ""));

describe("the command line's arguments", () => {
  it("are a command, its words and its options", () => {
    const parsed = parse("send alice hello there --json");
    assert.ok(parsed.kind === "command");
    assert.deepEqual([parsed.name, parsed.words, parsed.options.json], ["send", ["alice", "hello", "there"], true]);
  });

  it("take - for the standard input", () => {
    const parsed = parse("send alice -");
    assert.deepEqual(parsed.kind === "command" && parsed.words, ["alice", "-"]);
  });

  it("take a language for code, or none, without taking what follows for one", () => {
    const options = (line: string) => {
      const parsed = parse(line);
      assert.ok(parsed.kind === "command", line);
      return [parsed.words, parsed.options.code, parsed.options.text, parsed.options.split];
    };
    assert.deepEqual(options("send alice --code=ts -"), [["alice", "-"], "ts", false, false]);
    assert.deepEqual(options("send alice --code -"), [["alice", "-"], "", false, false]);
    assert.deepEqual(options("send alice --text --split"), [["alice"], undefined, true, true]);
    assert.deepEqual(options("broadcast --code -- --code x"), [["--code", "x"], "", false, false]);
  });

  it("are refused with the right usage", () => {
    for (const [line, reason] of [
      ["", /--help/],
      ["sned alice", /no command "sned"/],
      ["send", /send NAME/],
      ["status now", /status/],
      ["history", /NAME \| --everyone/],
      ["history a --everyone", /NAME \| --everyone/],
      ["block", /block NAME/],
      ["history a --limit 0", /--limit/],
      ["status --nope", /--nope/],
    ] as const) {
      const parsed = parse(line);
      assert.ok(parsed.kind === "wrong" && reason.test(parsed.reason), line);
    }
  });

  it("are refused where an option belongs to another command, or two say different things", () => {
    for (const [line, reason] of [
      ["send alice hi --everyone", /send takes no --everyone/],
      ["status --register", /status takes no --register/],
      ["tail --limit 5", /tail takes no --limit/],
      ["tail alice --everyone", /NAME \| --everyone/],
      ["search hi --with alice --everyone", /--everyone and --with exclude/],
      ["search hi --limit 201", /from 1 to 200/],
      ["login --invite code", /--register/],
      ["invite --uses 0", /--uses is a number from 1 to 100/],
      ["invite --uses 1e1", /--uses/],
      ["invite --days 31", /--days is a number from 1 to 30/],
      ["login --invite-stdin", /--invite-stdin goes with --register/],
      ["login --register --invite code --invite-stdin", /--invite-stdin and --invite exclude/],
      ["send alice --code --text", /--code and --text/],
      ["history alice --code", /history takes no --code/],
      ["send alice hi --timeout 5", /--timeout goes with --wait/],
      ["send alice hi --wait --timeout 0", /seconds from 1/],
      ["history alice --wait", /history takes no --wait/],
    ] as const) {
      const parsed = parse(line);
      assert.ok(parsed.kind === "wrong" && reason.test(parsed.reason), line);
    }
    assert.equal(parse("history alice --limit 500 --json").kind, "command");
    assert.equal(parse("login --register --invite code --server s --user u --password-stdin").kind, "command");
  });

  it("name nobody and nothing by an empty word", () => {
    for (const words of [
      ["send", "", "hi"],
      ["search", " "],
      ["block", ""],
      ["connect", ""],
      ["trust", ""],
    ]) {
      const parsed = parseArguments(words);
      assert.ok(parsed.kind === "wrong" && parsed.reason.startsWith("Usage: "), words.join(" "));
    }
  });

  it("ask for help and version before anything else", () => {
    assert.equal(parse("--help").kind, "help");
    assert.equal(parse("send --version").kind, "version");
  });
});

describe("the command line's output", () => {
  const message: ChatMessage = {
    ...{ conversation: "user:bob", seq: 1, mid: "m", from: "bob", own: false, text: "hi" },
    ...{ sentAtMs: 0, state: "received" },
  };

  it("lets no escape sequence or bidi mark of a message reach the terminal (CWE-150)", () => {
    const evil = "a\u001b[2J\u001b]0;title\u0007b\u009b31m\rc\u202ed\u2066e\u0008";
    const shown = formatMessage({ ...message, text: evil, from: "b\u001b[1mob" });
    assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}]/u);
    assert.match(shown, /title/);
  });

  it("lets none of them reach the terminal as JSON either, whose reader still has them", () => {
    const written: string[] = [];
    const output = new Output(true, (_stream, text) => written.push(text));
    const evil = { ...message, text: "\u009b31m\u0085\u2028\u202e\u2066\u{e0041}\u007f 👩‍💻" };
    output.message(evil);
    output.failure({ code: "internal", reason: evil.text });
    output.notice(evil.text);
    assert.doesNotMatch(written.join("").replaceAll("\u200d", ""), /[\p{Cf}\p{Zl}\u007f-\u009f]/u);
    assert.deepEqual(JSON.parse(written[0] ?? ""), evil);
    assert.deepEqual(JSON.parse(written[2] ?? ""), { notice: evil.text });
  });

  it("keeps lines, tabs and the joiners inside emoji", () => {
    assert.equal(plain("a\r\nb\tc 👩‍💻"), "a\nb\tc 👩‍💻");
  });

  it("lets no carriage return through, not even in front of the end of a line", () => {
    assert.equal(plain("a\r\r\nb\rc"), "a\nb\u{fffd}c");
  });

  it("indents further lines, so that no message passes for two", () => {
    const shown = formatMessage({ ...message, text: "hi\n2026-01-01 00:00 alice: I quit" });
    assert.match(shown, /bob: hi\n {4}2026-01-01/);
  });

  it("says what became of an own message unless it arrived", () => {
    assert.match(formatMessage({ ...message, own: true, state: "queued" }), /hi \(queued\)$/);
    assert.match(formatMessage({ ...message, own: true, state: "read" }), /hi$/);
  });

  it("is one line of JSON for scripts, failures included", () => {
    const written: string[] = [];
    const output = new Output(true, (stream, text) => written.push(`${stream} ${text}`));
    output.message(message);
    output.hint("not for scripts");
    output.failure({ code: "blocked", reason: "no" });
    assert.deepEqual(written, [
      `out ${JSON.stringify(message)}\n`,
      'error {"error":{"code":"blocked","reason":"no"}}\n',
    ]);
  });
});
