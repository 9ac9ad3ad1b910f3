import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { commands as declared } from "../../../extension/commands/registry.ts";
import type { CommandDeclaration } from "../../../extension/commands/command.ts";
import { contactRow } from "../../../extension/contacts/contact-row.ts";
import { fromPanel, readPosted, toPanel } from "../../../protocol/page/page-messages.ts";
import { chatOfState } from "../../../protocol/page/page-fields.ts";
import { panelState } from "../../../protocol/page/panel-state.ts";
import type { Contact } from "../../../protocol/api/model.ts";
import { everyone, message, person } from "./stand-ins.ts";

/** What is not checked by its types: `npm run generate` writes it from the declarations of commands and settings. */
interface Manifest {
  activationEvents: string[];
  contributes: {
    menus: Record<string, { command: string; when?: string; group?: string }[]>;
    viewsWelcome: { contents: string }[];
    walkthroughs: { steps: { description: string; media: { svg: string } }[] }[];
  };
}

const commands: readonly CommandDeclaration[] = declared;
const root = new URL("../../../", import.meta.url);

/** With its texts in the place of `%names%`. */
async function readManifest(): Promise<Manifest> {
  const texts = JSON.parse(await readFile(new URL("package.nls.json", root), "utf8")) as Record<string, string>;
  const plain = await readFile(new URL("package.json", root), "utf8");
  const used = new Set<string>();
  const filled = plain.replace(/"%([\w.]+)%"/g, (_, name: string) => {
    used.add(name);
    assert.ok(Object.hasOwn(texts, name), `package.nls.json has no ${name}`);
    return JSON.stringify(texts[name]);
  });
  assert.deepEqual([...used].sort(), Object.keys(texts).sort());
  return JSON.parse(filled) as Manifest;
}

describe("The manifest", () => {
  it("links in welcome texts and the walkthrough only to commands that there are", async () => {
    const { contributes } = await readManifest();
    const steps = contributes.walkthroughs.flatMap((each) => each.steps);
    const written = [
      ...contributes.viewsWelcome.map((each) => each.contents),
      ...steps.map((each) => each.description),
    ];
    const links = written.flatMap((text) => [...text.matchAll(/\(command:([^)]*)\)/g)].map((match) => match[1] ?? ""));
    assert.ok(links.length > 10);
    const known = ["chatRoom.contacts.focus", ...commands.map(({ id }) => id)];
    for (const id of links) assert.ok(known.includes(id), id);
  });

  it("offers for every kind of row in Contacts what can be done with it, and nothing else", async () => {
    const items = (await readManifest()).contributes.menus["view/item/context"] ?? [];
    const offered = (contact: Contact): string[] => {
      const { contextValue } = contactRow(contact);
      const suits = (when = ""): boolean => {
        const pattern = /viewItem =~ \/(.*?)\/(?: |$)/.exec(when)?.[1];
        return pattern !== undefined && new RegExp(pattern).test(contextValue);
      };
      const menu = items.filter(({ group, when }) => group?.startsWith("inline") === false && suits(when));
      return menu.map(({ command }) => command.replace("chatRoom.", ""));
    };
    const direct = ["verify", "showAddress"];
    const route = { kind: "direct", address: "a:1" } as const;
    const talk = ["openChat", "sendMessage", "search"];
    const gone = "deleteConversation";
    assert.deepEqual(offered(person("a")), [...talk, "connectDirectly", ...direct, "mute", "block", gone]);
    assert.deepEqual(offered(person("a", { route })), [
      ...talk,
      "disconnectDirectly",
      ...direct,
      "mute",
      "block",
      gone,
    ]);
    const away = person("a", { presence: "offline", muted: true });
    assert.deepEqual(offered(away), [...talk, "verify", "unmute", "block", gone]);
    assert.deepEqual(offered(person("a", { blocked: true })), ["openChat", "search", "mute", "unblock", gone]);
    assert.deepEqual(offered(person("a", { blocked: true, unread: 1 })).includes("markRead"), true);
    assert.deepEqual(offered({ ...everyone, unread: 1 }), [
      "openChat",
      "broadcast",
      "search",
      "markRead",
      "mute",
      gone,
    ]);
    assert.deepEqual(offered(everyone), ["openChat", "broadcast", "search", "mute", gone]);
  });

  it("asks in its conditions only for what the extension says of itself", async () => {
    const plain = await readFile(new URL("package.json", root), "utf8");
    const conditions = [...plain.matchAll(/"(?:when|enablement)": "([^"]*)"/g)].map(([, condition = ""]) => condition);
    const asked = conditions.flatMap(
      (each) => each.replaceAll("view == chatRoom.contacts", "").match(/chatRoom\.\w+/g) ?? [],
    );
    const view = await readFile(new URL("extension/contacts/contacts-view.ts", root), "utf8");
    const said = [...view.matchAll(/setContext\("([^"]*)"/g)].map(([, key = ""]) => key);
    assert.deepEqual([...new Set(asked)].sort(), said.sort());
  });

  it("offers what needs an account only where somebody is signed in", () => {
    const always = commands.filter((each) => each.enablement === undefined).map(({ id }) => id);
    const withoutAccount = ["signIn", "register", "join", "switchAccount", "menu", "trustServer"];
    const ofMachine = ["startServer", "stopServer", "reconnect", "restartDaemon", "troubleshoot", "doctor", "showLog"];
    assert.deepEqual(always.sort(), [...withoutAccount, ...ofMachine].map((name) => `chatRoom.${name}`).sort());
  });

  it("binds keys that VS Code leaves free on every system, each only where its command can be used", () => {
    // After Ctrl+K (Cmd+K on a Mac), without another modifier: VS Code 1.139 with its built-in extensions, on all systems.
    const taken = new Set("cdefimnoprstuvwyz");
    const bound = commands.flatMap((each) => (each.keybinding === undefined ? [] : [{ ...each, ...each.keybinding }]));
    for (const { id, key, when, enablement = "" } of bound) {
      const [, letter = ""] = /^ctrl\+k ([a-z])$/.exec(key) ?? [];
      assert.ok(letter !== "" && !taken.has(letter), `${id}: ${key}`);
      for (const part of enablement.split(" && ")) assert.ok(when.includes(part), `${id}: ${when}`);
      taken.add(letter);
    }
    assert.ok(bound.length >= 5);
  });

  it("has a picture for every step of the walkthrough", async () => {
    const { contributes } = await readManifest();
    for (const { media } of contributes.walkthroughs.flatMap((each) => each.steps)) {
      assert.match(await readFile(new URL(media.svg, root), "utf8"), /^<svg /);
    }
  });

  it("writes no text out that is shown, so that all of them can be translated", async () => {
    const plain = JSON.parse(await readFile(new URL("package.json", root), "utf8")) as Manifest;
    const { viewsWelcome, walkthroughs } = plain.contributes;
    const texts = [
      ...viewsWelcome.map((each) => each.contents),
      ...walkthroughs.flatMap((each) => each.steps.map((step) => step.description)),
    ];
    for (const text of texts) assert.match(text, /^%[\w.]+%$/);
  });

  it("never activates at once", async () => {
    assert.ok(!(await readManifest()).activationEvents.includes("*"));
  });
});

describe("Messages between host and panel", () => {
  it("are taken if they fit", () => {
    const { conversation, name, presence, blocked } = person("alice");
    const partner = { conversation, name, presence, blocked };
    const head = { kind: "head", partner, writing: "closed", linked: true };
    assert.deepEqual(readPosted(toPanel, head), head);
    const changed = { kind: "changed", messages: [message(1)] };
    assert.deepEqual(readPosted(toPanel, changed), changed);
    const ready = { kind: "ready", token: "t", pending: [] };
    assert.deepEqual(readPosted(fromPanel, ready), ready);
  });

  it("are ignored otherwise", () => {
    const bad: unknown[] = [
      undefined,
      "ready",
      { kind: "ready", pending: [] },
      { kind: "execute", token: "t", command: "x" },
      { kind: "act", token: "t", action: "workbench.action.quit" },
      { kind: "send", token: "t", mid: "1", text: "" },
      { kind: "seen", token: "t", upTo: "1" },
      { kind: "open", token: "t", url: "x".repeat(10_000) },
    ];
    for (const each of bad) assert.equal(readPosted(fromPanel, each), undefined);
  });

  it("restore a panel only from a state that fits", () => {
    const state = { conversation: "user:alice", name: "alice", draft: "x", pending: [] };
    assert.deepEqual(readPosted(panelState, { ...state, evil: 1 }), state);
    assert.equal(readPosted(panelState, { ...state, draft: 1 }), undefined);
    assert.equal(readPosted(panelState, undefined), undefined);
    assert.deepEqual(readPosted(chatOfState, state), { conversation: "user:alice", name: "alice" });
    for (const strange of [undefined, { name: "alice" }, { ...state, conversation: 1 }])
      assert.equal(readPosted(chatOfState, strange), undefined);
  });
});
