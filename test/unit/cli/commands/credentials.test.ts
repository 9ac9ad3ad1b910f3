import assert from "node:assert/strict";
import { parseArguments } from "../../../../cli/parse/arguments.ts";
import { askCredentials } from "../../../../cli/commands/credentials.ts";

describe("what signing in needs", () => {
  /** @param typed the answers at a terminal; a text: there is none, and this is piped in */
  async function credentials(line: string, typed: string | undefined | readonly string[]) {
    const parsed = parseArguments(["login", "--server", "s", "--user", "u", ...line.split(" ")]);
    assert.ok(parsed.kind === "command", line);
    const answers = typeof typed === "object" ? [...typed] : [];
    const questions: string[] = [];
    const answer = (question: string): Promise<string> => {
      questions.push(question);
      return Promise.resolve(answers.shift() ?? "");
    };
    const piped = typeof typed === "object" ? undefined : typed;
    const terminal = {
      ...{ interactive: typeof typed === "object", ask: answer, askSecret: answer },
      ...{ readAll: () => Promise.resolve(piped), close: () => undefined },
    };
    const found = await askCredentials({ options: parsed.options, terminal }, "", undefined);
    return { found, questions, wrong: typeof found === "string" ? found : "" };
  }

  it("is a password on line 1 and an invitation on line 2 of the standard input", async () => {
    const both = "--register --password-stdin --invite-stdin";
    for (const piped of ["secret\ncode", "secret\r\n code "]) {
      const { found } = await credentials(both, piped);
      assert.deepEqual(found, { server: "s", user: "u", password: "secret", invite: "code" });
    }
    for (const piped of ["secret", "secret\n", "secret\ncode\nmore"]) {
      assert.match((await credentials(both, piped)).wrong, /Give two lines/);
    }
    assert.match((await credentials(both, "\ncode")).wrong, /password is empty/);
    assert.match((await credentials(both, undefined)).wrong, /not UTF-8/);
    assert.match((await credentials(both, `secret\n${"x".repeat(257)}`)).wrong, /too long for an invitation/);
  });

  it("is all of the standard input as the password where the invitation does not come from there", async () => {
    const { found } = await credentials("--register --password-stdin --invite code", "se\ncret");
    assert.deepEqual(found, { server: "s", user: "u", password: "se\ncret", invite: "code" });
  });

  it("is asked for at a terminal, the invitation where it was not said", async () => {
    const { found, questions } = await credentials("--register --invite-stdin", ["secret", "code"]);
    assert.deepEqual(found, { server: "s", user: "u", password: "secret", invite: "code" });
    assert.deepEqual(questions, ["Password: ", "Invitation: "]);
  });

  it("says what to do where nobody can be asked", async () => {
    assert.match((await credentials("--register --invite-stdin", "code")).wrong, /with --password-stdin: the/);
    assert.match((await credentials("--register", "secret")).wrong, /Give the password with --password-stdin/);
  });
});
