// The last part of the tour: what a person sees when something is gone, and when they have left.

import { chmodSync } from "node:fs";
import { runCommand } from "../support/vscode/quick-input.ts";
import { openView } from "../support/vscode/workbench.ts";
import { Outsider } from "./protocol-client.ts";
import { password } from "./tour.ts";
import type { Stop } from "./tour.ts";

export const end: readonly Stop[] = [
  {
    name: "server unreachable",
    chat: "bob",
    reach: async ({ environment, alice }) => {
      await alice.openChatFromTree("bob");
      await environment.killServer();
      await (await alice.chatWith("bob")).getByRole("button", { name: "Retry" }).first().waitFor();
      await alice.types("bob", "Written while the server was away.");
      await alice.sees("bob", "alice", "Written while the server was away.");
    },
    leave: async ({ environment, crowd }) => {
      for (const outsider of crowd.values()) outsider.leave();
      await environment.restartServer();
    },
  },
  {
    name: "signed in elsewhere",
    chat: "bob",
    reach: async (tour) => {
      await tour.page.getByRole("treeitem", { name: /unreachable/ }).waitFor({ state: "hidden" });
      tour.crowd.set("alice", await Outsider.join(tour.environment.serverPort, "alice"));
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
    reach: async ({ page, alice, environment }) => {
      await alice.signIn(environment.serverAddress, password);
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
  {
    name: "daemon down",
    reach: async ({ page, alice }) => {
      chmodSync(alice.chatRoomHome, 0o777);
      // Whatever takes the focus meanwhile closes the question: it is asked again then, as a person would.
      const restart = (): Promise<void> => alice.runs("Restart Daemon", "Restart Daemon");
      await restart().catch(restart);
      await page.getByRole("button", { name: "Restart Daemon" }).first().waitFor();
    },
    leave: ({ alice }) => {
      chmodSync(alice.chatRoomHome, 0o700);
      return Promise.resolve();
    },
  },
];
