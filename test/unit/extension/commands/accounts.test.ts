import assert from "node:assert/strict";
import { runMenu, runSignInHere, runSwitchAccount } from "../../../../extension/commands/accounts.ts";
import { joinFromLink, runJoin } from "../../../../extension/commands/join.ts";
import { runSetStatus } from "../../../../extension/commands/status.ts";
import { ownPresence } from "../../../../protocol/api/notifications.ts";
import { register, signIn, signOut } from "../../../../protocol/api/session.ts";
import { accounts, setPresence, switchAccount } from "../../../../protocol/api/conversation.ts";
import { failure } from "../../../../protocol/errors.ts";
import { account, withApp, rightPin } from "./app-stand-in.ts";

const server = `chat://chat.example:8765#${"A".repeat(43)}`;
const link = `vscode://chat-room.chat-room/join?server=${encodeURIComponent(server)}&invite=abcdef`;

describe("Join with Invitation", () => {
  it("shows where the link leads, and does nothing without a yes", async () => {
    const { app: app, daemon, prompter } = await withApp();
    assert.equal((await runJoin(app, link)).ok, false);
    assert.deepEqual(prompter.questions, []);
    const [decision] = prompter.decided;
    assert.equal(decision?.text, "Join the chat server at chat.example?");
    assert.match(decision.detail, /Key of the server: AAAA .*[^]*You use the server 127\.0\.0\.1:8765 now/);
    assert.deepEqual(
      daemon.asked.map((each) => each.method).filter((method) => /register|signIn|inspect/.test(method)),
      [],
    );
  });

  it("fills in server and invitation, and asks for name and password", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(register, () => ({ ok: true }));
    prompter.decisions.push("Create Account");
    prompter.answers.push("bob", "right", "right");
    assert.equal((await joinFromLink(app, `server=${server}&invite=abcdef`)).ok, true);
    assert.deepEqual(daemon.askedFor(register.method), [
      { server, user: "bob", password: "right", pin: rightPin, invite: "abcdef" },
    ]);
  });

  it("signs in whoever has an account, and asks for a link that is missing", async () => {
    const { app: app, daemon, prompter } = await withApp();
    prompter.decisions.push("I Have an Account");
    prompter.answers.push(link, "bob", "right");
    assert.equal((await runJoin(app)).ok, true);
    assert.match(prompter.questions[0]?.validate?.("nonsense") ?? "", /no invitation link/);
    assert.deepEqual(daemon.askedFor(signIn.method), [{ server, user: "bob", password: "right", pin: rightPin }]);
  });

  it("says what is wrong with a link", async () => {
    const { app: app, prompter } = await withApp();
    assert.equal((await joinFromLink(app, "server=http://x")).ok, false);
    assert.match(prompter.told[0] ?? "", /no address of a server/);
    assert.deepEqual(prompter.decided, []);
  });
});

describe("Several accounts", () => {
  const other = { server: "t:2", user: "eve" };

  it("are switched between without a question while a sign-in is kept", async () => {
    const { app: app, daemon, prompter, credentials } = await withApp();
    daemon.answer(accounts, () => ({ ok: true, accounts: [{ account: other, current: false, signedIn: true }] }));
    daemon.answer(switchAccount, () => ({ ok: true, account: other }));
    prompter.pick = "eve";
    assert.equal((await runSwitchAccount(app)).ok, true);
    assert.deepEqual(daemon.askedFor(switchAccount.method), [{ account: other }]);
    assert.deepEqual(credentials.last, other);
  });

  it("ask for the password of the one whose sign-in has ended", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(switchAccount, () => failure("not_authenticated"));
    prompter.answers.push("right");
    const outcome = await runSwitchAccount(app, other);
    assert.equal(outcome.ok && outcome.account.user, "eve");
    assert.equal(prompter.questions.length, 1);
  });

  it("are signed in here again with the password that is kept, or after asking for it", async () => {
    const { app: app, prompter, credentials } = await withApp();
    prompter.answers.push("right");
    assert.equal((await runSignInHere(app)).ok, true);
    assert.deepEqual([prompter.questions.length, prompter.questions[0]?.password], [1, true]);
    await credentials.rememberPassword({ server: "127.0.0.1:8765", user: "bob" }, "right");
    assert.equal((await runSignInHere(app)).ok, true);
    assert.equal(prompter.questions.length, 1);
  });

  it("are left from the menu of the status bar", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(signOut, () => ({ ok: true }));
    prompter.pick = "Sign Out";
    await runMenu(app);
    assert.equal(daemon.askedFor(signOut.method).length, 1);
  });

  it("propose nobody where another one is to sign in", async () => {
    const { app: app, daemon, prompter, credentials } = await withApp();
    await credentials.rememberAccount(account);
    daemon.answer(accounts, () => ({ ok: true, accounts: [] }));
    prompter.pick = "Sign In with Another Account…";
    prompter.answers.push("s:1", undefined);
    await runSwitchAccount(app);
    assert.equal(prompter.questions[1]?.value, "");
  });
});

describe("Set Status", () => {
  it("takes state and text, or asks, and refuses a text that is too long", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(setPresence, () => ({ ok: true }));
    assert.equal((await runSetStatus(app, { state: "dnd", text: " focus " })).ok, true);
    prompter.picks.push("Away", "Don't Clear");
    prompter.answers.push("");
    assert.equal((await runSetStatus(app)).ok, true);
    assert.deepEqual(daemon.askedFor(setPresence.method), [{ state: "dnd", text: "focus" }, { state: "away" }]);
    assert.match(prompter.questions[0]?.validate?.("x".repeat(141)) ?? "", /140/);
  });

  it("shows which one is set, with its words, which can be changed", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(setPresence, () => ({ ok: true }));
    daemon.tell(ownPresence, { state: "away", text: "lunch $(bug)" });
    await runSetStatus(app);
    assert.deepEqual(
      prompter.offered.map((each) => each.description),
      [undefined, "✓ lunch \\$(bug)", undefined],
    );
    prompter.pick = "Away";
    prompter.answers.push("lunch until two");
    await runSetStatus(app);
    assert.equal(prompter.questions[0]?.value, "lunch $(bug)");
    prompter.pick = "Available";
    await runSetStatus(app);
    assert.equal(prompter.questions[1]?.value, undefined);
  });

  it("ends when the person says so, and is not set where they give up at that", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(setPresence, () => ({ ok: true }));
    const asked = () => daemon.askedFor(setPresence.method).at(-1) as { untilMs?: number };
    const minutes = () => Math.round(((asked().untilMs ?? 0) - Date.now()) / 60_000);
    for (const [label, expected] of [
      ["30 Minutes", 30],
      ["1 Hour", 60],
    ] as const) {
      prompter.picks.push("Do Not Disturb", label);
      prompter.answers.push("focus");
      await runSetStatus(app);
      assert.equal(minutes(), expected);
    }
    prompter.picks.push("Away", "Today");
    prompter.answers.push("");
    await runSetStatus(app);
    assert.equal(new Date(asked().untilMs ?? 0).toDateString(), new Date().toDateString());
    await runSetStatus(app, { state: "away", minutes: 5 });
    assert.equal(minutes(), 5);
    prompter.picks.push("Away");
    prompter.answers.push("");
    assert.equal((await runSetStatus(app)).ok, false);
    prompter.picks.push("Available");
    prompter.answers.push("");
    assert.equal((await runSetStatus(app)).ok, true);
    assert.deepEqual([asked(), prompter.lists.length], [{ state: "available" }, 9]);
  });
});
