// The third part of the tour: what VS Code shows around the chats, in the tree, in notifications and at the top.

import type { Page } from "playwright-core";
import { pressNotificationButton, waitForNotification } from "../support/vscode/notifications.ts";
import { fillQuickInput, runCommand, waitForQuickInput } from "../support/vscode/quick-input.ts";
import type { Stop } from "./tour.ts";

export const desk: readonly Stop[] = [
  {
    name: "notification",
    fleeting: true,
    reach: async (tour) => {
      await tour.outsider("carol").says("alice", "Back from lunch. Shall we look at the **failing test** together?");
      await waitForNotification(tour.page, /carol: Back from lunch/);
      await tour.alice.seesInTree(/^carol\b.*(new|unread)/);
    },
    leave: async (tour) => tour.clearNotifications(),
  },
  {
    name: "menu of a contact",
    fleeting: true,
    reach: async ({ page }) => {
      await page.getByRole("treeitem", { name: /^carol\b/ }).click({ button: "right" });
      await page.getByRole("menuitem", { name: /Block User/ }).waitFor();
    },
    leave: async ({ page }) => page.keyboard.press("Escape"),
  },
  {
    name: "what is said about a contact",
    fleeting: true,
    reach: async ({ page }) => {
      await page.getByRole("treeitem", { name: /^dave\b/ }).hover();
      await page.locator(".monaco-hover:visible").filter({ hasText: "dave" }).first().waitFor();
    },
    leave: async ({ page }) => page.mouse.move(640, 5),
  },
  {
    name: "choosing a chat",
    fleeting: true,
    reach: async ({ page }) => {
      await runCommand(page, "Chat Room: Open Chat");
      await waitForQuickInput(page, /Open Chat/);
    },
    leave: (tour) => tour.giveUp(),
  },
  {
    name: "who is online",
    fleeting: true,
    reach: async ({ page }) => {
      await runCommand(page, "Chat Room: Show Online Users");
      await waitForQuickInput(page, /Online/i);
    },
    leave: (tour) => tour.giveUp(),
  },
  {
    name: "what is new",
    chat: "carol",
    reach: async ({ alice }) => {
      await alice.openChatFromTree("carol");
      await (await alice.chatWith("carol")).getByRole("separator", { name: "New" }).waitFor();
    },
    leave: async ({ page, alice }) => {
      await runCommand(page, "View: Close Editor");
      await alice.openChatFromTree("bob");
    },
  },
  {
    name: "search in all chats",
    fleeting: true,
    reach: async ({ page }) => {
      await runCommand(page, "Chat Room: Search Messages");
      await fillQuickInput(page, "retry", /Search Messages/);
      await page.locator(".quick-input-widget").getByRole("option", { name: /retry/i }).first().waitFor();
    },
    leave: (tour) => tour.giveUp(),
  },
  {
    name: "several recipients",
    fleeting: true,
    reach: async ({ page }) => {
      await selectAlso(page, "carol", "dave");
      await page.getByRole("treeitem", { name: /^dave\b/ }).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Send Message" }).hover();
      await page.keyboard.press("Enter"); // a click is not taken right after the menu has come
      await waitForQuickInput(page, /Send Message to \d People/);
    },
    leave: async (tour) => {
      await tour.giveUp();
      await selectAlso(tour.page, "carol", "dave");
    },
  },
  {
    name: "asked for a direct talk",
    reach: async (tour) => {
      tour.outsider("carol").asksToTalk("alice");
      await waitForNotification(tour.page, /carol wants to talk to you directly/);
      await tour.alice.seesInTree(/^carol wants to talk directly/);
    },
    leave: async ({ page }) => pressNotificationButton(page, /carol wants to talk to you directly/, "Allow Once"),
  },
  {
    name: "safety number",
    fleeting: true,
    reach: async ({ page, alice }) => {
      await alice.runs("Verify Contact", "carol");
      await page.locator(".monaco-dialog-box").waitFor();
    },
    leave: async ({ page }) => {
      await page.keyboard.press("Escape");
      await page.locator(".monaco-dialog-box").waitFor({ state: "hidden" });
    },
  },
  {
    name: "everyone",
    chat: "Everyone",
    reach: async (tour) => {
      await tour.outsider("dave").broadcasts("Deploying in five minutes. Please do not merge.");
      await tour.alice.seesInTree(/^Everyone\b.*Deploying/);
      await tour.alice.openChatFromTree("Everyone");
      await tour.alice.types("Everyone", "Thanks for telling!");
      await tour.alice.sees("Everyone", "alice", "Thanks for telling!");
      await tour.clearNotifications();
    },
  },
];

/** Or no longer, where they are selected. */
async function selectAlso(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) {
    await page.getByRole("treeitem", { name: new RegExp(`^${name}\\b`) }).click({ modifiers: ["ControlOrMeta"] });
  }
}
