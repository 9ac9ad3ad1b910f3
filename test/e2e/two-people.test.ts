// Two people, two VS Codes with the packaged extension, a real browser: what the project is for, from the first command to
// a conversation that outlives a reload. The steps build on each other, as a day does.

import assert from "node:assert/strict";
import { pressNotificationButton, waitForNotification } from "../support/vscode/notifications.ts";
import { fillQuickInput, runCommand, waitForQuickInput } from "../support/vscode/quick-input.ts";
import { keepFailures, screenshot } from "../support/vscode/screenshot.ts";
import { until } from "../support/vscode/until.ts";
import { waitForWorkbench } from "../support/vscode/workbench.ts";
import type { UserWindow } from "./user-window.ts";
import { TestEnvironment } from "./test-environment.ts";

describe("two people in two VS Codes", () => {
  let environment: TestEnvironment;
  let alice: UserWindow;
  let bob: UserWindow;

  before(async function () {
    this.timeout(300_000);
    environment = await TestEnvironment.build();
    alice = await environment.welcome("alice", "dark");
    bob = await environment.welcome("bob", "light");
  });

  keepFailures(() => environment.residents);

  after(async () => (environment as TestEnvironment | undefined)?.dispose());

  it("says how to begin before anybody is signed in", async () => {
    await alice.page.getByRole("button", { name: "Sign In" }).first().waitFor();
    await alice.page.mouse.click(760, 600); // away from the icon, whose tooltip would lie over the view
    await alice.page.locator(".workbench-hover:visible").first().waitFor({ state: "hidden" });
    await screenshot(alice.page, "welcome-dark");
    await screenshot(bob.page, "welcome-light");
  });

  it("says while one types what is wrong with an address, and no more once it is mended", async () => {
    await runCommand(alice.page, "Chat Room: Sign In");
    await fillQuickInput(alice.page, "127.0.0.1:99999", /Address of the server/);
    const { refused } = await waitForQuickInput(alice.page, /A port is a number from 1 to 65535/);
    assert.equal(refused, true);
    await fillQuickInput(alice.page, environment.serverAddress);
    await waitForQuickInput(alice.page, /Address of the server/);
    await alice.page.keyboard.press("Escape");
  });

  it("creates accounts through the palette and shows each to the other as online", async () => {
    await alice.createAccount(environment.serverAddress, "correct horse");
    await bob.createAccount(environment.serverAddress, "battery staple");
    await alice.seesInTree(/^bob\b.*online/);
    await bob.seesInTree(/^alice\b.*online/);
    for (const each of [alice, bob]) {
      await pressNotificationButton(each.page, /Remember the password/, "Don't Remember");
    }
  });

  it("carries a message typed by alice to bob, who sees it as unread and opens it from the tree", async () => {
    await alice.openChatFromTree("bob");
    await alice.types("bob", "The build is green again. Do you have a minute for the retry policy?");
    await bob.seesInTree(/^alice\b.*(1 new|unread)/);
    await waitForNotification(bob.page, /alice: The build is green again/);
    await screenshot(bob.page, "unread-light");
    await bob.openChatFromTree("alice");
    await bob.sees("alice", "alice", "The build is green again");
  });

  it("carries the reply back, and tells alice that her message was read", async () => {
    const code = "const delayMs = Math.min(30_000, 500 * 2 ** failures);";
    await bob.types("alice", `Sure. I would cap the back-off at 30 seconds:\n\`\`\`ts\n${code}\n\`\`\``);
    await alice.sees("bob", "bob", "I would cap the back-off");
    await alice.sees("bob", "alice", "Read");
    await alice.types("bob", "Makes sense. See https://example.com/pull/42");
    await bob.sees("alice", "alice", "Makes sense.");
    await runCommand(bob.page, "Notifications: Clear All Notifications");
    await screenshot(alice.page, "chat-dark");
    await screenshot(bob.page, "chat-light");
  });

  it("shows the same to a second window of bob: one session, one history, one unread count", async () => {
    const second = await bob.openSecondWindow();
    await second.openChatFromTree("alice");
    await second.sees("alice", "alice", "Makes sense.");
    assert.deepEqual(await second.reads("alice"), await bob.reads("alice"));
    await second.types("alice", "Written in my other window.");
    await bob.sees("alice", "bob", "Written in my other window.");
    await alice.sees("bob", "bob", "Written in my other window.");
    await alice.seesInTree(/^bob\b.*online/);
    await second.page.close();
  });

  it("broadcasts to everyone online", async () => {
    await alice.runs("Broadcast Message", "Deploying in five minutes.");
    await bob.seesInTree(/^Everyone\b.*Deploying in five minutes/);
    await bob.openChatFromTree("Everyone");
    await bob.sees("Everyone", "alice", "Deploying in five minutes.");
    await screenshot(bob.page, "everyone-light");
  });

  it("keeps messages away from somebody who blocked their sender, and says so to the sender", async () => {
    await bob.runs("Block User", "alice", "Block alice");
    await bob.seesInTree(/^Blocked, 1/);
    await alice.types("bob", "Are you there?");
    await alice.sees("bob", "alice", "Are you there?");
    await alice.sees("bob", "alice", "does not take messages from you");
    await screenshot(alice.page, "refused-dark");
    await bob.runs("Unblock User", "alice");
    await bob.seesInTree(/^alice\b.*online/);
    await bob.openChatFromTree("alice");
    assert.ok(!(await bob.reads("alice")).some((each) => each.includes("Are you there?")));
  });

  it("finds the conversation again after the window was reloaded", async () => {
    const before = await alice.reads("bob");
    await alice.page.reload();
    await waitForWorkbench(alice.page);
    await alice.sees("bob", "bob", "I would cap the back-off");
    assert.deepEqual(await alice.reads("bob"), before);
  });

  it("refuses a wrong password in words, and signs in again with the right one", async () => {
    await alice.runs("Sign Out");
    await alice.page.getByRole("button", { name: "Sign In" }).first().waitFor();
    await bob.seesInTree(/^alice\b.*offline/);
    await alice.signIn(environment.serverAddress, "wrong horse");
    await waitForNotification(alice.page, /user name or the password is wrong/);
    await screenshot(alice.page, "wrong-password-dark");
    await alice.signIn(environment.serverAddress, "correct horse");
    await bob.seesInTree(/^alice\b.*online/);
  });

  it("keeps a message while the server is away, and delivers it when it is back", async () => {
    await bob.openChatFromTree("alice");
    await environment.killServer();
    await bob.types("alice", "Written while the server was down.");
    await bob.sees("alice", "bob", "Written while the server was down.");
    await screenshot(bob.page, "offline-light");
    await environment.restartServer();
    await alice.openChatFromTree("bob");
    await alice.sees("bob", "bob", "Written while the server was down.");
  });

  it("puts what is selected in an editor into a composer, where it is seen before it is sent", async () => {
    await runCommand(alice.page, "File: New Untitled Text File");
    await alice.page.keyboard.type("const retries = 3;");
    await alice.page.keyboard.press("Control+A");
    await alice.runs("Send Selection to Contact", "bob");
    const box = (await alice.chatWith("bob")).getByRole("textbox", { name: "Message bob" });
    const filled = async (): Promise<true | undefined> =>
      (await box.inputValue()).includes("const retries = 3;") ? true : undefined;
    await until("the selection in the composer", filled, 20_000);
    assert.ok(!(await alice.reads("bob")).some((each) => each.includes("const retries")));
    await box.press("Enter");
    await bob.sees("alice", "alice", "const retries = 3;");
  });
});
