import assert from "node:assert/strict";
import { answerQuestion, connectDirectly, disconnectDirectly } from "../../../protocol/editor/direct.ts";
import type { QuestionAnswer } from "../../../protocol/editor/direct.ts";
import { DaemonProcess } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("direct talk of daemons", function () {
  this.timeout(60_000);
  let server: ChatServer;
  let alice: DaemonProcess;
  let bob: DaemonProcess;
  let a: TestView;
  let b: TestView;

  before(async () => {
    server = await startChatServer();
    [alice, bob] = await Promise.all([DaemonProcess.start(), DaemonProcess.start()]);
    [a, b] = await Promise.all([alice.view(), bob.view()]);
    await a.join(server.port, "Alice");
    await b.join(server.port, "bob");
    await Promise.all([a.untilState("connected"), b.untilState("connected")]);
    await a.until("bob", () => a.contacts.get("user:bob")?.presence === "available");
    await b.until("alice", () => b.contacts.get("user:alice")?.presence === "available");
  });
  after(async () => {
    await DaemonProcess.disposeAll();
    await server.dispose();
  });

  async function answer(view: TestView, from: string, word: QuestionAnswer): Promise<void> {
    const question = await view.until("a question", () => view.questions.find(({ user }) => user === from));
    assert.deepEqual(await view.client.request(answerQuestion, { id: question.id, answer: word }), { ok: true });
  }

  it("stands after a yes, and carries messages", async () => {
    const asked = a.client.request(connectDirectly, { user: "bob" });
    await answer(b, "Alice", "once");
    const made = await asked;
    assert.ok(made.ok, JSON.stringify(made));
    await a.until("direct", () => a.contacts.get("user:bob")?.route?.kind === "direct");
    await b.until("direct", () => b.contacts.get("user:alice")?.route?.kind === "direct");
    const sent = await a.send("user:bob", "directly");
    await a.untilMessage(sent.mid, "delivered");
    await b.untilReceived("user:alice", 1);
    assert.deepEqual(await a.client.request(disconnectDirectly, { user: "bob" }), { ok: true });
    await b.until("server", () => b.contacts.get("user:alice")?.route?.kind === "server");
  });
});
