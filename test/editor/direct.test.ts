import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { ConfigurationTarget, workspace } from "vscode";
import { safetyNumber } from "../../protocol/api/direct.ts";
import type { TestApi } from "../../extension/ui/test-api.ts";
import { Terminal } from "./terminal.ts";
import { activated, PromptScript, run, startServer, treeLabels, until, untilSession } from "./world.ts";
import type { Server } from "./world.ts";

interface Outcome {
  readonly ok: boolean;
  readonly code?: string;
  readonly verified?: boolean;
}

describe("Talking directly", () => {
  let api: TestApi;
  let server: Server;
  let carol: Terminal;

  const route = (): string | undefined => api.store.contactNamed("carol")?.route?.kind;
  const untilAsked = async (): Promise<void> => {
    for (let probes = 0; ; probes += 1) {
      const said = await carol.say(["requests"]);
      if (Array.isArray(said.value["requests"]) && said.value["requests"].length > 0) return;
      assert.ok(probes < 100, `nobody asked: ${said.output}`);
      await wait(100);
    }
  };

  before(async () => {
    api = await activated();
    server = await startServer();
    carol = await Terminal.join(server, "carol");
    api.standIn(new PromptScript());
    await run("chatRoom.register", { server: server.address, user: "bob", password: "correct horse" });
    await untilSession(api, "connected");
    await until("carol", () => api.store.contactNamed("carol")?.presence === "available");
  });
  after(async () => {
    api.standIn(new PromptScript());
    await run("chatRoom.signOut", { confirmed: true });
    await carol.dispose();
    await server.dispose();
    api.standIn(undefined);
  });

  it("begins with a question, which stands in the tree until it is answered", async () => {
    api.standIn(new PromptScript());
    const connecting = carol.say(["connect", "bob"]);
    await until("the question", () => api.questions.open.length === 1);
    assert.equal(treeLabels(api)[0], "carol wants to talk directly");
    assert.equal((await run<Outcome>("chatRoom.answerQuestion", { answer: "once" })).ok, true);
    const said = await connecting;
    assert.equal(said.code, 0, said.output);
    await until("the link", () => route() === "direct");
    assert.deepEqual(treeLabels(api)[0], "Everyone");
    const { tooltip } = api.contacts.provider.getTreeItem(rowOf("carol"));
    assert.ok(typeof tooltip === "string" && tooltip.includes("Direct, to "), JSON.stringify(tooltip));
  });

  it("shows both people the same sixty digits, and marks the contact as verified", async () => {
    const keyboard = new PromptScript({ "same number": "Mark as Verified" });
    api.standIn(keyboard);
    const outcome = await run<Outcome>("chatRoom.verify", "carol");
    assert.deepEqual([outcome.ok, outcome.verified], [true, true], JSON.stringify(outcome));
    const digits = String((await carol.say(["verify", "bob"])).value["digits"]);
    const own = await api.daemon.request(safetyNumber, { user: "carol" });
    assert.equal(own.ok && own.digits, digits);
    assert.ok(keyboard.told[0]?.replace(/\s/g, "").includes(digits));
    await until("the mark", () => api.store.contactNamed("carol")?.key?.verified === true);
  });

  it("ends by the command, and messages go on", async () => {
    assert.equal((await run<Outcome>("chatRoom.disconnectDirectly", "carol")).ok, true);
    await until("the end of the link", () => route() !== "direct");
    assert.equal((await run<Outcome>("chatRoom.sendMessage", "carol", "through the server")).ok, true);
  });

  it("is asked for by the command, with the other person's word", async () => {
    const connecting = run<Outcome>("chatRoom.connectDirectly", "carol");
    await untilAsked();
    assert.equal((await carol.say(["answer", "bob", "once"])).code, 0);
    const outcome = await connecting;
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
    await until("the link", () => route() === "direct");
    await run("chatRoom.disconnectDirectly", "carol");
    await until("the end of the link", () => route() !== "direct");
  });

  it("can be allowed for ever and be revoked", async () => {
    const connecting = carol.say(["connect", "bob"]);
    await until("the question", () => api.questions.open.length === 1);
    await run("chatRoom.answerQuestion", { answer: "always" });
    assert.equal((await connecting).code, 0);
    await until("the link", () => route() === "direct");
    api.standIn(new PromptScript({ "Revoke Direct Access": "carol" }));
    assert.equal((await run<Outcome>("chatRoom.revokeDirect")).ok, true);
    await until("the end of the link", () => route() !== "direct");
  });

  it("is switched off by the setting, at once", async () => {
    const set = (value: string | undefined): Thenable<void> =>
      workspace.getConfiguration("chatRoom").update("p2p", value, ConfigurationTarget.Global);
    await set("off");
    const { report } = await run<{ report: string }>("chatRoom.doctor");
    assert.match(report, /Switched off by the setting/);
    const refused = await carol.say(["connect", "bob"]);
    assert.equal(refused.code, 1, refused.output);
    assert.deepEqual(api.questions.open, []);
    await set(undefined);
  });

  it("is refused in a sentence when the other person says no", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    const asking = run<Outcome>("chatRoom.showAddress", "carol");
    await untilAsked();
    await carol.say(["answer", "bob", "deny"]);
    assert.equal((await asking).ok, false);
    await until("the reason", () => keyboard.told.length > 0);
  });

  function rowOf(name: string) {
    const { provider } = api.contacts;
    const nodes = provider.getChildren().flatMap((node) => [node, ...provider.getChildren(node)]);
    const found = nodes.find((node) => node.kind === "contact" && node.contact.name === name);
    assert.ok(found, `${name} is not in the tree`);
    return found;
  }
});
