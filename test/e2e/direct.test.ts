// Two people in two VS Codes who talk directly: the question, the yes, what both heads say, and a conversation that does
// not need the server any more. The steps build on each other.

import assert from "node:assert/strict";
import { pressNotificationButton, waitForNotification } from "../support/vscode/notifications.ts";
import { keepFailures, screenshot } from "../support/vscode/screenshot.ts";
import { until } from "../support/vscode/until.ts";
import type { UserWindow } from "./user-window.ts";
import { TestEnvironment } from "./test-environment.ts";

const seeMs = 30_000;

describe("two people who talk directly", () => {
  let environment: TestEnvironment;
  let alice: UserWindow;
  let bob: UserWindow;

  before(async function () {
    this.timeout(300_000);
    environment = await TestEnvironment.build();
    alice = await environment.welcome("alice", "dark");
    bob = await environment.welcome("bob", "light");
    await alice.createAccount(environment.serverAddress, "correct horse");
    await bob.createAccount(environment.serverAddress, "battery staple");
    for (const each of [alice, bob]) {
      await pressNotificationButton(each.page, /Remember the password/, "Don't Remember");
    }
    await alice.seesInTree(/^bob\b.*online/);
    await bob.seesInTree(/^alice\b.*online/);
    await alice.openChatFromTree("bob");
    await bob.openChatFromTree("alice");
  });

  keepFailures(() => environment.residents);

  after(async () => (environment as TestEnvironment | undefined)?.dispose());

  it("begins with messages through the server, and the heads say so", async () => {
    await headSays(alice, "bob", /Via server/);
    await alice.types("bob", "Shall we talk directly?");
    await bob.sees("alice", "alice", "Shall we talk directly?");
  });

  it("asks bob, who is told who asks and from where", async () => {
    await alice.runs("Connect Directly", "bob");
    const question = await waitForNotification(bob.page, /alice wants to talk to you directly/);
    assert.match(question.text, /would learn the address of this machine/);
    assert.match(question.text, /Asking from 127\.0\.0\.1/);
    assert.deepEqual([...question.buttons].sort(), ["Allow Once", "Always Allow", "Block", "Deny", "Stop Asking Me"]);
    await screenshot(bob.page, "direct-question-light");
  });

  it("shows Direct and the address in both heads after the yes", async () => {
    await pressNotificationButton(bob.page, /alice wants to talk to you directly/, "Allow Once");
    await headSays(alice, "bob", /^Direct · [0-9a-f.:]+$/);
    await headSays(bob, "alice", /^Direct · [0-9a-f.:]+$/);
    await screenshot(alice.page, "direct-dark");
    await screenshot(bob.page, "direct-light");
  });

  it("keeps the conversation going while the server is dead, in both directions", async () => {
    await environment.killServer();
    await alice.types("bob", "The server is gone.");
    await bob.sees("alice", "alice", "The server is gone.");
    await bob.types("alice", "I had not noticed.");
    await alice.sees("bob", "bob", "I had not noticed.");
    await headSays(alice, "bob", /^Direct · /);
    await headSays(bob, "alice", /^Direct · /);
    await screenshot(alice.page, "direct-without-server-dark");
  });

  it("goes on when the server is back, with every message once and in order", async () => {
    await environment.restartServer();
    await alice.seesInTree(/^bob\b.*online/);
    await bob.types("alice", "It is back.");
    await alice.sees("bob", "bob", "It is back.");
    await headSays(alice, "bob", /^Direct · /);
    const seen = (await alice.reads("bob")).join("\n");
    const said = ["Shall we talk directly?", "The server is gone.", "I had not noticed.", "It is back."];
    const places = said.map((text) => seen.indexOf(text));
    assert.deepEqual(
      places,
      [...places].sort((left, right) => left - right),
      seen,
    );
    for (const text of said) assert.equal(seen.split(text).length, 2, `${text} once in ${seen}`);
  });

  it("ends with a word of either, and says that messages go through the server", async () => {
    await alice.runs("Disconnect Direct Link", "bob");
    await headSays(alice, "bob", /Via server/);
    await headSays(bob, "alice", /Via server/);
    await alice.types("bob", "Through the server again.");
    await bob.sees("alice", "alice", "Through the server again.");
  });
});

async function headSays(resident: UserWindow, partner: string, what: RegExp): Promise<void> {
  let said = "";
  const look = async (): Promise<true | undefined> => {
    said = (await (await resident.chatWith(partner)).locator("header .route").innerText()).trim();
    return what.test(said) ? true : undefined;
  };
  await until(`${resident.name}'s head to say ${String(what)}`, look, seeMs).catch((error: unknown) => {
    throw new Error(`${String(error)}; it says "${said}"`, { cause: error });
  });
}
