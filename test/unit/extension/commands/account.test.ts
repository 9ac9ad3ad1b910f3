import assert from "node:assert/strict";
import { runRegister, runSignIn, runSignOut } from "../../../../extension/commands/account.ts";
import { runTrustServer } from "../../../../extension/commands/trust.ts";
import { back } from "../../../../extension/ui/prompter-port.ts";
import { sessionChanged } from "../../../../protocol/api/notifications.ts";
import { inspectServer, register, signIn, signOut, snapshot, trustServer } from "../../../../protocol/api/session.ts";
import type { SessionState } from "../../../../protocol/api/model.ts";
import { failure } from "../../../../protocol/errors.ts";
import { settled } from "../stand-ins.ts";
import { account, withApp, rightPin } from "./app-stand-in.ts";

describe("Sign In", () => {
  it("asks for server, user and password, one after another, and shows the password to nobody", async () => {
    const { app: app, prompter, daemon } = await withApp();
    prompter.answers.push("s:1", "bob", "right");
    assert.equal((await runSignIn(app)).ok, true);
    assert.deepEqual(daemon.askedFor(signIn.method), [
      { server: "s:1", user: "bob", password: "right", pin: rightPin },
    ]);
    assert.deepEqual(
      prompter.questions.map((each) => [each.prompt.split(/[ :]/)[0], each.password === true]),
      [
        ["Address", false],
        ["User", false],
        ["Password", true],
      ],
    );
  });

  it("goes back a question, with what was answered to it", async () => {
    const { app: app, prompter } = await withApp();
    prompter.answers.push("wrong:1", back, "s:1", "bob", "right");
    const outcome = await runSignIn(app);
    assert.equal(outcome.ok && outcome.account.server, "s:1");
    assert.equal(prompter.questions[2]?.value, "wrong:1");
  });

  it("uses arguments instead of asking", async () => {
    const { app: app, prompter } = await withApp();
    assert.equal((await runSignIn(app, { ...account, password: "right" })).ok, true);
    assert.deepEqual([prompter.questions, prompter.told], [[], []]);
    prompter.answers.push("right");
    assert.equal((await runSignIn(app, account)).ok, true);
    assert.equal(prompter.questions.length, 1);
  });

  it("sends nothing when the person gives up", async () => {
    const { app: app, prompter, daemon } = await withApp();
    prompter.answers.push("s:1", undefined);
    assert.equal((await runSignIn(app)).ok, false);
    assert.deepEqual(daemon.askedFor(signIn.method), []);
    assert.deepEqual(prompter.told, []);
  });

  it("says why it was refused, and forgets the password that was wrong", async () => {
    const { app: app, prompter, credentials, secrets } = await withApp();
    await credentials.rememberPassword(account, "old");
    assert.equal((await runSignIn(app, { ...account, password: "wrong" })).ok, false);
    assert.match(prompter.told[0] ?? "", /password is wrong/);
    assert.equal(secrets.size, 0);
  });

  it("keeps a password only if the person agrees, and asks once", async () => {
    const { app: app, prompter, secrets } = await withApp();
    prompter.answers.push("s:1", "bob", "right", "s:1", "bob", "right");
    await runSignIn(app);
    await settled();
    assert.equal(prompter.told.length, 1);
    assert.equal(secrets.size, 0);
    await runSignIn(app);
    await settled();
    assert.equal(prompter.told.length, 1);

    const other = await withApp();
    other.prompter.answers.push("s:1", "bob", "right");
    other.prompter.press = "Remember";
    await runSignIn(other.app);
    await settled();
    assert.deepEqual([...other.secrets.values()], ["right"]);
  });

  it("says that a password could not be kept, and is signed in all the same", async () => {
    const { app: app, prompter, secrets } = await withApp();
    prompter.answers.push("s:1", "bob", "right");
    prompter.press = "Remember";
    secrets.set = () => {
      throw new Error("There is no keyring.");
    };
    assert.equal((await runSignIn(app)).ok, true);
    await settled();
    assert.match(prompter.told.at(-1) ?? "", /^The password of bob could not be kept/);
  });

  it("proposes next time what was used last", async () => {
    const { app: app, prompter, daemon } = await withApp();
    const signedOut: SessionState = { state: "signedOut" };
    daemon.answer(snapshot, () => ({ ok: true, session: signedOut, contacts: [] }));
    await app.store.refresh();
    prompter.answers.push(undefined);
    await runSignIn(app);
    assert.equal(prompter.questions[0]?.value, "default:1");
    await runSignIn(app, { ...account, password: "right" });
    prompter.answers.push("s:1", undefined);
    await runSignIn(app);
    assert.deepEqual(
      prompter.questions.slice(1).map((each) => each.value),
      ["s:1", "bob"],
    );
  });
});

describe("A server whose key is not known", () => {
  const otherPin = "B".repeat(43);
  const entry = { server: "chat.example:1", user: "bob", password: "right" };

  it("is shown with its key in groups of four, and gets nothing before the person said yes", async () => {
    const { app: app, prompter, daemon } = await withApp();
    daemon.answer(inspectServer, ({ server }) => ({ ok: true, server, pin: rightPin, trust: "unknown" as const }));
    assert.equal((await runSignIn(app, entry)).ok, false);
    assert.match(prompter.confirmed[0] ?? "", /Trust the server chat.example:1\?.*(AAAA ){10}AAA\b/s);
    assert.equal((await runRegister(app, entry)).ok, false);
    assert.deepEqual([...daemon.askedFor(signIn.method), ...daemon.askedFor(register.method)], []);
    assert.deepEqual(prompter.told, []);
  });

  it("is signed in to with just that key once the person agreed", async () => {
    const { app: app, prompter, daemon } = await withApp();
    daemon.answer(inspectServer, ({ server }) => ({ ok: true, server, pin: rightPin, trust: "unknown" as const }));
    prompter.agrees = true;
    assert.equal((await runSignIn(app, entry)).ok, true);
    assert.deepEqual(daemon.askedFor(signIn.method), [{ ...entry, pin: rightPin }]);
  });

  for (const trust of ["changed", "mismatch"] as const) {
    it(`gets nothing and cannot be clicked away where the key is a ${trust} one`, async () => {
      const { app: app, prompter, daemon } = await withApp();
      daemon.answer(inspectServer, ({ server }) => ({ ok: true, server, pin: rightPin, trust, expected: otherPin }));
      prompter.agrees = true;
      assert.equal((await runSignIn(app, entry)).ok, false);
      assert.match(prompter.told[0] ?? "", /another key .* Nothing was sent/);
      assert.deepEqual([daemon.askedFor(signIn.method), prompter.confirmed], [[], []]);
    });
  }

  it("is said to be unreachable where it is, with Try Again", async () => {
    const { app: app, prompter, daemon } = await withApp();
    daemon.answer(inspectServer, () => failure("unavailable", "Nothing listens there."));
    assert.equal((await runSignIn(app, entry)).ok, false);
    assert.deepEqual(prompter.told, ["Nothing listens there."]);
  });
});

describe("Trust Server", () => {
  const seen = { ok: true, server: "s:1", pin: rightPin, trust: "changed", expected: "B".repeat(43) } as const;

  it("shows both keys, and changes nothing without a yes", async () => {
    const { app: app, prompter, daemon } = await withApp();
    daemon.answer(inspectServer, () => seen);
    assert.equal((await runTrustServer(app)).ok, false);
    assert.match(prompter.confirmed[0] ?? "", /Expected: BBBB BBBB.*Shown: AAAA AAAA/s);
    assert.deepEqual(daemon.askedFor(inspectServer.method), [{ server: "127.0.0.1:8765" }]);
    assert.deepEqual(daemon.askedFor(trustServer.method), []);
  });

  it("replaces the key that was shown", async () => {
    const { app: app, prompter, daemon } = await withApp();
    daemon.answer(inspectServer, () => seen);
    daemon.answer(trustServer, ({ server }) => ({ ok: true, server }));
    prompter.agrees = true;
    assert.equal((await runTrustServer(app, { server: "s:1" })).ok, true);
    assert.deepEqual(daemon.askedFor(trustServer.method), [{ server: "s:1", pin: rightPin }]);
  });

  it("asks nothing where the key is right", async () => {
    const { app: app, prompter } = await withApp();
    assert.equal((await runTrustServer(app, { server: "s:1" })).ok, true);
    assert.deepEqual(prompter.confirmed, []);
  });
});

describe("Create Account", () => {
  it("signs in with the account it made", async () => {
    const { app: app, daemon } = await withApp();
    daemon.answer(register, () => ({ ok: true }));
    const outcome = await runRegister(app, { ...account, password: "right" });
    assert.equal(outcome.ok && outcome.account.user, "bob");
  });

  it("asks twice for the password that is new, and takes no slip and no short one", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(register, () => ({ ok: true }));
    prompter.answers.push("s:1", "bob", "correct horse", undefined);
    await runRegister(app);
    const [first, second] = prompter.questions.slice(2);
    assert.deepEqual([first?.password, second?.password], [true, true]);
    assert.match(first?.validate?.("123") ?? "", /at least 8/);
    assert.equal(second?.validate?.("correct hrose"), "That is another password.");
    assert.equal(second.validate("correct horse"), undefined);
    assert.deepEqual(daemon.askedFor(register.method), []);
  });

  it("asks for an invitation only where the server wants one", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(register, ({ invite }) => (invite === "abc" ? { ok: true } : failure("bad_invite")));
    prompter.answers.push(" abc ");
    assert.equal((await runRegister(app, { ...account, password: "right" })).ok, true);
  });

  it("says why there is none", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(register, () => failure("name_taken"));
    const outcome = await runRegister(app, { ...account, password: "right" });
    assert.equal(!outcome.ok && outcome.code, "name_taken");
    assert.match(prompter.told[0] ?? "", /taken/);
  });
});

describe("Sign Out", () => {
  it("forgets the password", async () => {
    const { app: app, daemon, credentials, secrets, prompter } = await withApp();
    daemon.answer(signOut, () => ({ ok: true }));
    await credentials.rememberPassword({ server: "127.0.0.1:8765", user: "bob" }, "x");
    assert.equal((await runSignOut(app)).ok, true);
    assert.equal(secrets.size, 0);
    assert.match(prompter.mentioned.at(-1) ?? "", /Signed out/);
  });

  it("ends the question whether to keep the password, however it is answered afterwards", async () => {
    const { app: app, daemon, prompter, secrets } = await withApp();
    const { promise, resolve } = Promise.withResolvers<string>();
    prompter.hold = promise;
    prompter.answers.push("s:1", "bob", "right");
    await runSignIn(app);
    await settled();
    daemon.tell(sessionChanged, { session: { state: "signedOut", account } });
    resolve("Remember");
    await settled();
    assert.equal(secrets.size, 0);
  });

  it("is done also where the password cannot be removed, which is said", async () => {
    const { app: app, daemon, secrets, prompter } = await withApp();
    daemon.answer(signOut, () => ({ ok: true }));
    secrets.delete = () => {
      throw new Error("There is no keyring.");
    };
    assert.equal((await runSignOut(app)).ok, true);
    assert.match(prompter.told[0] ?? "", /^The remembered password of bob could not be removed/);
  });
});
