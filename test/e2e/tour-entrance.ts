// The first part of the tour: from the first start to a list of contacts.

import { makeCertificate } from "../support/certificates.ts";
import { pressNotificationButton, waitForNotification } from "../support/vscode/notifications.ts";
import { acceptQuickInput, fillQuickInput, runCommand, waitForQuickInput } from "../support/vscode/quick-input.ts";
import { openView } from "../support/vscode/workbench.ts";
import { password } from "./tour.ts";
import type { Stop } from "./tour.ts";

export const entrance: readonly Stop[] = [
  {
    name: "welcome",
    reach: async ({ page }) => page.getByRole("button", { name: "Sign In" }).first().waitFor(),
  },
  {
    name: "walkthrough",
    reach: async ({ page }) => {
      await runCommand(page, "Welcome: Open Walkthrough...");
      await fillQuickInput(page, "Chat Room");
      await page
        .locator(".quick-input-widget")
        .getByRole("option", { name: /Chat Room/ })
        .first()
        .waitFor();
      await acceptQuickInput(page);
      await page.locator("h2").filter({ hasText: "Get Started with Chat Room" }).waitFor();
    },
    leave: async ({ page }) => {
      await runCommand(page, "View: Close All Editors");
      await openView(page, "Chat Room");
    },
  },
  {
    name: "asking for the server",
    fleeting: true,
    reach: async ({ page }) => {
      await runCommand(page, "Chat Room: Create Account");
      await waitForQuickInput(page, /Address of the server/);
    },
    leave: (tour) => tour.giveUp(),
  },
  {
    name: "asking for the name",
    fleeting: true,
    reach: async ({ page, environment }) => {
      await runCommand(page, "Chat Room: Create Account");
      await fillQuickInput(page, environment.serverAddress, /Address of the server/);
      await acceptQuickInput(page);
      await fillQuickInput(page, "no spaces allowed", /User name/);
    },
    leave: (tour) => tour.giveUp(),
  },
  {
    name: "asking for the password",
    fleeting: true,
    reach: async ({ page, environment }) => {
      await runCommand(page, "Chat Room: Create Account");
      await fillQuickInput(page, environment.serverAddress, /Address of the server/);
      await acceptQuickInput(page);
      await fillQuickInput(page, "alice", /User name/);
      await acceptQuickInput(page);
      await waitForQuickInput(page, /Password/);
    },
    leave: (tour) => tour.giveUp(),
  },
  {
    name: "alone on the server",
    reach: async ({ page, alice, environment }) => {
      await alice.createAccount(environment.serverAddress, password);
      await waitForNotification(page, /Remember the password/);
    },
    leave: async ({ page }) => pressNotificationButton(page, /Remember the password/, "Don't Remember"),
  },
  {
    name: "contacts",
    reach: async (tour) => {
      await tour.join("bob");
      await (await tour.join("carol", await makeCertificate())).presents("away", "lunch until one");
      await (await tour.join("dave")).presents("dnd", "writing the report");
      await (await tour.join("erin")).signsOut();
      await tour.join("Maximiliane-Theodora.von-Hohenstein-Oberwaldburg");
      await tour.alice.seesInTree(/^carol\b.*away/);
      await tour.alice.seesInTree(/^Maximiliane.*online/);
    },
  },
];
