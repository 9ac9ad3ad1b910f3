// The second part of the tour: a chat with bob.

import { conversationTexts } from "./tour-texts.ts";
import type { Stop } from "./tour.ts";

export const chat: readonly Stop[] = [
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
    name: "code under the pointer",
    chat: "bob",
    fleeting: true,
    reach: async ({ alice }) => {
      const code = (await alice.chatWith("bob")).locator(".code-block").first();
      await code.hover();
      await code.getByRole("button", { name: "Insert at Cursor" }).waitFor();
    },
    leave: async ({ page }) => page.mouse.move(640, 5),
  },
  {
    name: "answered, edited and deleted",
    chat: "bob",
    reach: async ({ alice, crowd }) => {
      const bob = crowd.get("bob");
      await bob?.says("alice", "Shall we release on Thursday?", { mid: "plan" });
      await bob?.says("alice", "Shall we release on **Friday**?", { ref: { kind: "edit", mid: "plan" } });
      await bob?.says("alice", "Wrong window, sorry.", { mid: "slip" });
      await bob?.says("alice", "(deleted)", { ref: { kind: "delete", mid: "slip" } });
      await alice.types("bob", "Friday is fine.");
      await bob?.says("alice", "🎉", { ref: { kind: "react", mid: "plan" } });
      await bob?.says("alice", "Then I write the change log.", { ref: { kind: "reply", mid: "plan" } });
      await alice.sees("bob", "bob", "Then I write the change log.");
      const asked = (await alice.messages("bob")).filter({ hasText: "Shall we release on Friday?" }).first();
      await asked.getByRole("button", { name: /^🎉/ }).click();
    },
  },
  {
    name: "actions of a message",
    chat: "bob",
    fleeting: true,
    reach: async ({ alice }) => {
      const own = (await alice.messages("bob")).filter({ hasText: "Friday is fine." }).first();
      await own.hover();
      await own.getByRole("toolbar").waitFor();
    },
    leave: async ({ page }) => page.mouse.move(640, 5),
  },
  {
    name: "writing an answer",
    chat: "bob",
    reach: async ({ alice }) => {
      const frame = await alice.chatWith("bob");
      const asked = (await alice.messages("bob")).filter({ hasText: "Then I write the change log." }).first();
      await asked.hover();
      await asked.getByRole("button", { name: "Reply" }).click();
      await frame.getByText(/^Replying to bob/).waitFor();
    },
    leave: async ({ alice }) => {
      await (await alice.chatWith("bob")).getByRole("textbox", { name: "Message bob" }).press("Escape");
    },
  },
  {
    name: "typing",
    chat: "bob",
    fleeting: true,
    reach: async ({ alice, crowd }) => {
      await crowd.get("bob")?.isTypingTo("alice");
      await (await alice.chatWith("bob")).getByText("bob is writing…").waitFor();
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
];
