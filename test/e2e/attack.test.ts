// Somebody on the server means harm and writes, in messages, names and presences, whatever the protocol lets pass. In
// alice's VS Code nothing of it runs, loads, goes anywhere or hides, and her chat goes on.

import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { hiddenKinds } from "../../protocol/text/hidden-characters.ts";
import * as talk from "../../protocol/api/conversation.ts";
import { TestView } from "../support/daemon-process.ts";
import { waitForNotification } from "../support/vscode/notifications.ts";
import { readQuickInput, runCommand, waitForQuickInput } from "../support/vscode/quick-input.ts";
import { keepFailures } from "../support/vscode/screenshot.ts";
import { until } from "../support/vscode/until.ts";
import { readTree, waitForWorkbench } from "../support/vscode/workbench.ts";
import { Outsider } from "./protocol-client.ts";
import { forbiddenNames, hostileNames, payloads } from "./payloads.ts";
import type { Payload } from "./payloads.ts";
import type { UserWindow } from "./user-window.ts";
import { TestEnvironment } from "./test-environment.ts";
import { Witness } from "./witness.ts";

const answerMs = 5_000;

describe("a person who means harm", () => {
  let environment: TestEnvironment;
  let alice: UserWindow;
  let mallory: Outsider;
  let witness: Witness;
  let table: readonly Payload[];
  const crowd: Outsider[] = [];

  before(async function () {
    this.timeout(300_000);
    environment = await TestEnvironment.build();
    alice = await environment.welcome("alice", "dark");
    witness = await Witness.watch(alice.page);
    table = payloads(witness.canary);
    await alice.createAccount(environment.serverAddress, "correct horse");
    mallory = await Outsider.join(environment.serverPort, "mallory");
    crowd.push(mallory);
    await alice.seesInTree(/^mallory\b/);
  });

  keepFailures(() => [alice]);

  after(async () => {
    for (const each of crowd) each.leave();
    await (witness as Witness | undefined)?.dispose();
    await (environment as TestEnvironment | undefined)?.dispose();
  });

  const nothingHappened = (): void => assert.deepEqual(witness.seen, []);

  it("does nothing by a notification, the tree or its tooltips", async function () {
    this.timeout(120_000);
    await mallory.says("alice", "[Install](command:workbench.action.quit) <b>now</b> \u202Egnp.exe $(bug)");
    const told = await waitForNotification(alice.page, /mallory: /);
    assert.match(told.text, /\[Install\] ?\(command:workbench\.action\.quit\) <b>now<\/b> .*gnp\.exe/);
    assert.deepEqual(hiddenKinds(told.text), []);
    assert.equal(await alice.page.locator(".notifications-toasts .notification-list-item-message a").count(), 0);
    await mallory.presents("away", "<img src=x onerror=wasRun('presence')> [x](command:workbench.action.quit) \u202Ex");
    await alice.seesInTree(/^mallory\b.*away/);
    await alice.page.getByRole("treeitem", { name: /^mallory\b/ }).hover();
    const hover = alice.page.locator(".monaco-hover:visible").filter({ hasText: "mallory" }).first();
    await hover.waitFor();
    assert.equal(await hover.locator("img, a, script").count(), 0);
    assert.ok((await hover.innerText()).includes("<img src=x onerror"), await hover.innerText());
    assert.deepEqual(hiddenKinds([await hover.innerText(), ...(await readTree(alice.page))].join("\n")), []);
    nothingHappened();
  });

  it("does nothing by any of the texts, as the messages of an open chat", async function () {
    this.timeout(300_000);
    await alice.openChatFromTree("mallory");
    for (const { id, text } of table) {
      await mallory.says("alice", `this is ${id}\n\n${text}`);
      await alice.sees("mallory", "mallory", `this is ${id}`);
      await openedWhole(await alice.chatWith("mallory"));
      const startMs = performance.now();
      await composer(await alice.chatWith("mallory")).fill(id);
      assert.ok(performance.now() - startMs < answerMs, `the chat was stuck after ${id}`);
      assert.deepEqual(witness.seen, [], id);
      assert.deepEqual(await foreignParts(await alice.chatWith("mallory")), [], id);
    }
    await composer(await alice.chatWith("mallory")).fill("");
  });

  it("does nothing when the history is drawn again, by its links or by what screen readers hear", async function () {
    this.timeout(180_000);
    await witness.reload();
    await waitForWorkbench(alice.page);
    await alice.openChatFromTree("mallory");
    const frame = await alice.chatWith("mallory");
    const links = await frame
      .locator("[role=log] a[href]")
      .evaluateAll((all) => all.map((each) => each.getAttribute("href") ?? ""));
    for (const href of links) assert.match(href, /^(https?:\/\/|mailto:|#)/);
    const labels = await frame
      .locator("[aria-label]")
      .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label") ?? ""));
    assert.deepEqual(hiddenKinds(labels.join("\n")), []);
    assert.deepEqual(await foreignParts(frame), []);
    nothingHappened();
  });

  it("does nothing by the texts as the draft of an own message, which a reload brings back", async function () {
    this.timeout(180_000);
    const draft = table
      .filter(({ text }) => text.length < 400 && !/[\p{Cc}\p{Cs}]/u.test(text))
      .map(({ text }) => text)
      .join(" ");
    await composer(await alice.chatWith("mallory")).fill(draft);
    const view = await TestView.open(alice.chatRoomHome);
    const kept = async (): Promise<true | undefined> => {
      const answer = await view.client.request(talk.draft, { conversation: "user:mallory" });
      return answer.ok && answer.text === draft ? true : undefined;
    };
    await until("the daemon to keep the draft", kept, 10_000).finally(() => view.close());
    await witness.reload();
    await waitForWorkbench(alice.page);
    const frame = await alice.chatWith("mallory");
    await frame.waitForFunction((length) => {
      const box = document.querySelector("textarea");
      return box !== null && box.value.length === length;
    }, draft.length);
    assert.equal(await composer(frame).inputValue(), draft);
    assert.deepEqual(await foreignParts(frame), []);
    nothingHappened();
    await composer(frame).fill("");
  });

  it("does nothing by a name, in the tree, the lists, the title of a chat or as an author", async function () {
    this.timeout(300_000);
    for (const name of hostileNames) {
      const one = await Outsider.join(environment.serverPort, name);
      crowd.push(one);
      await one.says("alice", "I am here");
    }
    for (const name of hostileNames) await alice.seesInTree(new RegExp(`^${escaped(name)}`));
    await runCommand(alice.page, "Chat Room: Open Chat");
    await waitForQuickInput(alice.page, /Open Chat/);
    const rows = alice.page.locator(".quick-input-list .monaco-icon-label .label-name");
    const labels = (await rows.allInnerTexts()).join("\n");
    for (const name of hostileNames.slice(0, 3)) assert.ok(labels.includes(name), `${name} is not in ${labels}`);
    assert.equal(
      await alice.page.locator(".quick-input-list .codicon-bug, .quick-input-list .codicon-sync").count(),
      0,
    );
    assert.ok(((await readQuickInput(alice.page))?.items.length ?? 0) > 0);
    await alice.page.keyboard.press("Escape");
    for (const name of hostileNames.slice(0, 7)) {
      await alice.openChatFromTree(name);
      await alice.sees(name, name, "I am here");
      assert.deepEqual(await foreignParts(await alice.chatWith(name)), [], name);
      await alice.page
        .getByRole("tab", { name: new RegExp(`^${escaped(name)}`) })
        .first()
        .waitFor();
    }
    nothingHappened();
  });

  it("gets no name that hides, reorders or is taken for something else", async () => {
    for (const name of forbiddenNames) {
      await assert.rejects(
        Outsider.join(environment.serverPort, name),
        /"code":"bad_credentials"/,
        JSON.stringify(name),
      );
    }
  });

  it("leaves alice with a chat that goes on", async () => {
    await alice.openChatFromTree("mallory");
    await alice.types("mallory", "I do not think so.");
    await alice.sees("mallory", "alice", "I do not think so.");
    nothingHappened();
  });

  it("would have been seen: a page that gives in is noticed", async () => {
    const frame = await alice.chatWith("mallory");
    await frame.evaluate((canary) => {
      const picture = document.createElement("img");
      picture.src = `http://${canary}/seen`;
      picture.setAttribute("onerror", "wasRun('seen')");
      document.querySelector("main")?.append(picture);
      (globalThis as unknown as { wasRun(id: string): void }).wasRun("seen");
    }, witness.canary);
    const policies = (): boolean => witness.seen.some((each) => each.includes("img-src"));
    await until("the complaint about the picture", () => (policies() ? true : undefined), 5_000);
    assert.ok(witness.seen.includes("the script of seen ran"), witness.seen.join("\n"));
    assert.equal((await foreignParts(frame)).length, 2);
  });
});

/** What is folded of a long message could not do anything. */
async function openedWhole(frame: Frame): Promise<void> {
  const more = frame.getByRole("article").last().getByRole("button", { name: "Show more" });
  if (await more.isVisible()) await more.click();
}

function composer(frame: Frame) {
  return frame.getByRole("textbox", { name: /^Message / });
}

/** Elements and attributes in a chat's page that nothing of ours makes, or that would run, load or go somewhere. */
async function foreignParts(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const forbidden =
      "script, style, link, meta, base, iframe, frame, object, embed, img, svg, math, video, audio, source, form, template, noscript, [srcdoc], [style]";
    const elements = [...document.querySelectorAll("main *")];
    const found = elements.filter((each) => each.matches(forbidden)).map((each) => each.outerHTML.slice(0, 200));
    for (const each of elements) {
      for (const { name, value } of each.attributes) {
        const isLink = name === "href" || name === "src" || name === "action" || name === "xlink:href";
        if (name.startsWith("on") || (isLink && !/^(https?:\/\/|mailto:|#)/.test(value))) {
          found.push(`${each.tagName} ${name}=${value.slice(0, 200)}`);
        }
      }
    }
    return found;
  });
}

function escaped(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
