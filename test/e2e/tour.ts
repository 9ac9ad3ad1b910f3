// A walk through everything that a person can see of Chat Room, from the first start to a session that ended: each stop
// is one state, reached as a person reaches it. Tests and the gallery look around at every stop.

import type { Page } from "playwright-core";
import { pressNotificationButton, waitForNotification } from "../support/vscode/notifications.ts";
import { acceptQuickInput, fillQuickInput, runCommand, waitForQuickInput } from "../support/vscode/quick-input.ts";
import { openView } from "../support/vscode/workbench.ts";
import { steadyTheme } from "./looks.ts";
import { Outsider } from "./outsider.ts";
import type { Resident } from "./resident.ts";
import { conversationTexts } from "./tour-texts.ts";
import { Town } from "./town.ts";

export interface Stop {
  readonly name: string;
  /** With whom the chat is that is to be seen. */
  readonly chat?: string;
  readonly reach: (tour: Tour) => Promise<void>;
  readonly leave?: (tour: Tour) => Promise<void>;
  /** It goes by itself: for each further look it is left and reached again. */
  readonly fleeting?: true;
}

/** As `signedIn` of test/support/line-client.ts has it, so that somebody else can sign in as alice. */
const password = "pw alice";

export class Tour {
  readonly town: Town;
  readonly alice: Resident;
  readonly crowd = new Map<string, Outsider>();

  private constructor(town: Town, alice: Resident) {
    this.town = town;
    this.alice = alice;
  }

  static async begin(): Promise<Tour> {
    const town = await Town.build();
    return new Tour(town, await town.welcome("alice", "dark", steadyTheme));
  }

  get page(): Page {
    return this.alice.page;
  }

  async join(name: string): Promise<Outsider> {
    const outsider = await Outsider.join(this.town.serverPort, name);
    this.crowd.set(name, outsider);
    return outsider;
  }

  outsider(name: string): Outsider {
    const found = this.crowd.get(name);
    if (found === undefined) throw new Error(`${name} has not come yet`);
    return found;
  }

  async clearNotifications(): Promise<void> {
    await runCommand(this.page, "Notifications: Clear All Notifications");
  }

  async dispose(): Promise<void> {
    for (const outsider of this.crowd.values()) outsider.leave();
    await this.town.dispose();
  }
}

const giveUp = async ({ page }: Tour): Promise<void> => {
  await page.keyboard.press("Escape");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
};

/** In this order: each begins where the one before left. */
export const stops: readonly Stop[] = [
  {
    name: "welcome",
    reach: async ({ page }) => page.getByRole("button", { name: "Sign In" }).first().waitFor(),
  },
  {
    name: "asking for the server",
    fleeting: true,
    reach: async ({ page }) => {
      await runCommand(page, "Chat Room: Create Account");
      await waitForQuickInput(page, /Address of the server/);
    },
    leave: giveUp,
  },
  {
    name: "asking for the name",
    fleeting: true,
    reach: async ({ page, town }) => {
      await runCommand(page, "Chat Room: Create Account");
      await fillQuickInput(page, town.serverAddress, /Address of the server/);
      await acceptQuickInput(page);
      await fillQuickInput(page, "no spaces allowed", /User name/);
    },
    leave: giveUp,
  },
  {
    name: "asking for the password",
    fleeting: true,
    reach: async ({ page, town }) => {
      await runCommand(page, "Chat Room: Create Account");
      await fillQuickInput(page, town.serverAddress, /Address of the server/);
      await acceptQuickInput(page);
      await fillQuickInput(page, "alice", /User name/);
      await acceptQuickInput(page);
      await waitForQuickInput(page, /Password/);
    },
    leave: giveUp,
  },
  {
    name: "alone on the server",
    reach: async ({ page, alice, town }) => {
      await alice.createAccount(town.serverAddress, password);
      await waitForNotification(page, /Remember the password/);
    },
    leave: async ({ page }) => pressNotificationButton(page, /Remember the password/, "Don't Remember"),
  },
  {
    name: "contacts",
    reach: async (tour) => {
      await tour.join("bob");
      await (await tour.join("carol")).presents("away", "lunch until one");
      await (await tour.join("dave")).presents("dnd", "writing the report");
      await (await tour.join("erin")).signsOut();
      await tour.join("Maximiliane-Theodora.von-Hohenstein-Oberwaldburg");
      await tour.alice.seesInTree(/^carol\b.*away/);
      await tour.alice.seesInTree(/^Maximiliane.*online/);
    },
  },
  {
    name: "empty chat",
    chat: "bob",
    reach: async ({ alice }) => alice.openChatFromTree("bob"),
  },
  {
    name: "conversation",
    chat: "bob",
    reach: async (tour) => {
      const bob = tour.outsider("bob");
      for (const [index, text] of conversationTexts.entries()) {
        if (index % 3 === 2) await tour.alice.types("bob", text);
        else await bob.says("alice", text);
      }
      await tour.alice.sees("bob", "alice", conversationTexts.at(-1)?.slice(0, 20) ?? "");
    },
  },
  {
    name: "refused",
    chat: "bob",
    reach: async ({ alice, crowd }) => {
      await crowd.get("bob")?.blocks("alice");
      await alice.types("bob", "Did you see the build?");
      await alice.sees("bob", "alice", "does not take messages from you");
    },
    leave: async ({ crowd }) => crowd.get("bob")?.blocks("alice", false),
  },
  {
    name: "search in the chat",
    chat: "bob",
    reach: async ({ alice }) => {
      const frame = await alice.chatWith("bob");
      await frame.getByRole("textbox", { name: "Message bob" }).press("Control+f");
      await frame.getByRole("combobox", { name: /^Find/ }).fill("retry");
      await frame.getByRole("option").first().waitFor();
    },
    leave: async ({ alice }) => {
      const frame = await alice.chatWith("bob");
      await frame.getByRole("combobox", { name: /^Find/ }).press("Escape");
    },
  },
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
    leave: giveUp,
  },
  {
    name: "who is online",
    fleeting: true,
    reach: async ({ page }) => {
      await runCommand(page, "Chat Room: Show Online Users");
      await waitForQuickInput(page, /Online/i);
    },
    leave: giveUp,
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
  {
    name: "server unreachable",
    chat: "bob",
    reach: async ({ town, alice }) => {
      await alice.openChatFromTree("bob");
      await town.killServer();
      await (await alice.chatWith("bob")).getByRole("button", { name: "Retry" }).first().waitFor();
      await alice.types("bob", "Written while the server was away.");
      await alice.sees("bob", "alice", "Written while the server was away.");
    },
    leave: async ({ town, crowd }) => {
      for (const outsider of crowd.values()) outsider.leave();
      await town.restartServer();
    },
  },
  {
    name: "signed in elsewhere",
    chat: "bob",
    reach: async (tour) => {
      await tour.page.getByRole("treeitem", { name: /unreachable/ }).waitFor({ state: "hidden" });
      tour.crowd.set("alice", await Outsider.join(tour.town.serverPort, "alice"));
      await (
        await tour.alice.chatWith("bob")
      )
        .getByRole("button", { name: /Sign In/ })
        .first()
        .waitFor();
    },
  },
  {
    name: "signed out",
    chat: "bob",
    reach: async ({ page, alice, town }) => {
      await alice.signIn(town.serverAddress, password);
      await alice.seesInTree(/^bob\b/);
      await runCommand(page, "Chat Room: Sign Out");
      await openView(page, "Chat Room");
      await (
        await alice.chatWith("bob")
      )
        .getByRole("button", { name: /Sign In/ })
        .first()
        .waitFor();
    },
  },
];
