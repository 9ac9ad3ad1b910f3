// The walkthrough in a fresh VS Code: each step's own button leads on, and what it did ticks the step. The chat server is the
// one that the first step starts.

import type { Locator } from "playwright-core";
import { waitForNotification } from "../support/vscode/notifications.ts";
import { acceptQuickInput, fillQuickInput, runCommand, waitForQuickInput } from "../support/vscode/quick-input.ts";
import { keepFailures } from "../support/vscode/screenshot.ts";
import type { UserWindow } from "./user-window.ts";
import { TestEnvironment } from "./test-environment.ts";

type Step = "server" | "signIn" | "hello";

describe("the walkthrough", () => {
  let environment: TestEnvironment;
  let alice: UserWindow;
  let address: string;

  before(async function () {
    this.timeout(300_000);
    environment = await TestEnvironment.build();
    alice = await environment.welcome("alice", "dark");
    await openWalkthrough();
  });

  keepFailures(() => environment.residents);

  after(async () => (environment as TestEnvironment | undefined)?.dispose());

  async function openWalkthrough(): Promise<void> {
    await runCommand(alice.page, "Welcome: Open Walkthrough...");
    await fillQuickInput(alice.page, "Chat Room");
    await alice.page
      .locator(".quick-input-widget")
      .getByRole("option", { name: /Chat Room/ })
      .first()
      .waitFor();
    await acceptQuickInput(alice.page);
    await stepOf("server").waitFor();
  }

  function stepOf(step: Step, state = ""): Locator {
    return alice.page.locator(`.getting-started-step[data-step-id$="#${step}"]${state}`);
  }

  /** VS Code gives the focus to a chosen step only after a moment; by then it would close a list that the button opened. */
  async function press(step: Step, button: string): Promise<void> {
    await stepOf(step, '[aria-checked="false"]').dispatchEvent("click");
    await stepOf(step, ".expanded:focus").waitFor();
    await stepOf(step).locator(".monaco-button").filter({ hasText: button }).click();
  }

  async function isTicked(step: Step): Promise<void> {
    await stepOf(step, '[aria-checked="true"]').waitFor();
  }

  it("begins with nothing ticked, and starts a server", async () => {
    await press("server", "Start a Server on This Machine");
    await isTicked("server");
    const { text } = await waitForNotification(alice.page, /A chat server now runs on this machine/);
    address = text.slice(text.lastIndexOf(" ") + 1);
  });

  it("makes an account there, and ticks the step once that is signed in", async () => {
    await press("signIn", "Create Account");
    await waitForQuickInput(alice.page, /Address of the server/);
    await stepOf("signIn", '[aria-checked="false"]').waitFor();
    for (const answer of [address, "alice", "correct horse", "correct horse"]) {
      await fillQuickInput(alice.page, answer);
      await acceptQuickInput(alice.page);
    }
    await isTicked("signIn");
  });

  it("opens a chat", async () => {
    await press("hello", "Open Chat");
    await waitForQuickInput(alice.page, /With whom/);
    await isTicked("hello");
    await fillQuickInput(alice.page, "Everyone");
    await acceptQuickInput(alice.page);
    await alice.types("Everyone", "Hello!");
    await alice.sees("Everyone", "alice", "Hello!");
  });
});
