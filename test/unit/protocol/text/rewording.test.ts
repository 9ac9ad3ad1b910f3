import assert from "node:assert/strict";
import { createRewording } from "../../../../protocol/text/rewording.ts";

const german: Readonly<Record<string, string>> = {
  "Sign in first.": "Melden Sie sich zuerst an.",
  "Nothing listens at {0}. Is the server running?": "An {0} lauscht nichts. Läuft der Server?",
  "That cannot be stored on this machine: {0}.": "Das kann nicht gespeichert werden: {0}.",
  "The disk of this machine is full, so nothing can be stored. Free some space and try again.":
    "Die Festplatte ist voll.",
  "{0} of {1} runs and cannot be reached.": "{1}: {0} läuft und ist nicht erreichbar.",
  "The daemon": "Der Daemon",
  "{0}: {1}": "{0} – {1}",
};

function translate(sentence: string, ...given: string[]): string {
  return (german[sentence] ?? sentence).replace(/\{(\d)\}/g, (_, index) => given[Number(index)] ?? "");
}

const reword = createRewording(Object.keys(german), translate);

describe("What a daemon or a server said, in another language", () => {
  for (const [what, said, shown] of [
    ["a sentence without arguments", "Sign in first.", "Melden Sie sich zuerst an."],
    [
      "one with an argument",
      "Nothing listens at 127.0.0.1:8765. Is the server running?",
      "An 127.0.0.1:8765 lauscht nichts. Läuft der Server?",
    ],
    [
      "arguments in another order, one of them words of its own",
      "The daemon of /home/alice runs and cannot be reached.",
      "/home/alice: Der Daemon läuft und ist nicht erreichbar.",
    ],
    [
      "a sentence that quotes another one",
      "That cannot be stored on this machine: Sign in first..",
      "Das kann nicht gespeichert werden: Melden Sie sich zuerst an..",
    ],
    [
      "sentences one behind the other, as far as they are known",
      "Sign in first. Whatever. Nothing listens at a:1. Is the server running?",
      "Melden Sie sich zuerst an. Whatever. An a:1 lauscht nichts. Läuft der Server?",
    ],
  ] as const) {
    it(`is ${what}`, () => assert.equal(reword(said), shown));
  }

  for (const said of ["", "Go away.", "bob: hello", "Nothing listens at . Is the server running?", "sign in first."]) {
    it(`stays as it came where it is none of the sentences: ${JSON.stringify(said)}`, () => {
      assert.equal(reword(said), said);
    });
  }

  it("takes a name for a name, also where it is a word of the translations", () => {
    const names = createRewording(
      ["Code", "There is no user {0} here."],
      (text, ...given) => `${text}|${given.join("")}`,
    );
    assert.equal(names("There is no user Code here."), "There is no user {0} here.|Code");
  });

  it("costs little, however long and strange it is", () => {
    const startMs = performance.now();
    for (const piece of ["Nothing listens at ", "Is. ", "That cannot be stored on this machine: ", " of x. "]) {
      reword(piece.repeat(4_096).slice(0, 4_096));
    }
    assert.ok(performance.now() - startMs < 1_000);
  });
});
