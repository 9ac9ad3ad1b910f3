import assert from "node:assert/strict";
import { isHarmless, wantedAt } from "../../../../cli/parse/completion-candidates.ts";
import { commandNames, commands, optionsOf, syntaxOf } from "../../../../cli/parse/command-table.ts";
import { usage, usageOfCommand } from "../../../../cli/parse/usage.ts";

/** A bar stands where the cursor does. */
const at = (line: string): string | readonly string[] => {
  const wanted = wantedAt(line.replace("|", "").split(" "));
  return typeof wanted === "string" ? wanted : wanted.map(({ text }) => text);
};

describe("What completes a command line", () => {
  it("is a command first, and an option of all where a dash is typed", () => {
    assert.deepEqual(at("un|"), commandNames);
    assert.deepEqual(at("|"), commandNames);
    assert.deepEqual(at("help |"), commandNames);
    assert.deepEqual(at("--|"), ["--help", "--version"]);
    assert.deepEqual(at("nope |"), []);
  });

  it("is a person, a file, an account or a word where the command takes one", () => {
    assert.equal(at("send al|"), "contact");
    assert.equal(at("export |"), "file");
    assert.equal(at("export all.jsonl |"), "contact");
    assert.equal(at("switch |"), "account");
    assert.deepEqual(at("answer bob |"), ["once", "always", "deny", "stop", "block"]);
    assert.deepEqual(at("completion |"), ["bash", "zsh", "fish"]);
    assert.deepEqual(at("send bob hello |"), []);
    assert.deepEqual(at("status |"), []);
  });

  it("is an option of that command that is not there yet", () => {
    assert.deepEqual(at("history bob --|"), ["--everyone", "--limit", "--json"]);
    assert.deepEqual(at("history bob --json --|"), ["--everyone", "--limit"]);
    assert.deepEqual(at("send bob -- --|"), []);
  });

  it("is the value of an option that has one, which is no word of the command", () => {
    assert.equal(at("search --with |"), "contact");
    assert.deepEqual(at("history --limit |"), []);
    assert.equal(at("history --limit 5 |"), "contact");
    assert.equal(at("send --code |"), "contact");
  });

  it("is never a name that a shell would run, expand or split", () => {
    for (const name of ["bob", "Zoë", "李雷", "a.b-c_d", "bob@127.0.0.1:8765", "o+1"])
      assert.ok(isHarmless(name), name);
    for (const name of [
      "$(id)",
      "`id`",
      "a b",
      "a;b",
      "-rf",
      "~",
      "a*",
      "a'b",
      'a"b',
      "a\\b",
      "!1",
      "a\nb",
      "#a",
      "",
    ]) {
      assert.ok(!isHarmless(name), name);
    }
  });
});

describe("The usage of the command line", () => {
  it("names each command and option of the table, and fits a wide terminal", () => {
    for (const name of commandNames) {
      assert.ok(usage().includes(`\n  ${name} `), name);
      const own = usageOfCommand(name);
      assert.ok(own.startsWith(`Usage: chat-room ${syntaxOf(name)} [options]\n`), name);
      for (const option of optionsOf(name)) assert.ok(own.includes(`--${option}`), `${name} --${option}`);
    }
    for (const line of usage().split("\n")) assert.ok(line.length <= 120, line);
  });

  it("says what stands in the place of a word", () => {
    assert.equal(syntaxOf("edit"), "edit (NAME | --everyone) (TEXT | -)");
    assert.equal(syntaxOf("tail"), "tail [NAME | --everyone]");
    assert.equal(syntaxOf("send", false), "send NAME [TEXT | -]");
    assert.equal(Object.keys(commands).length, commandNames.length);
  });
});
