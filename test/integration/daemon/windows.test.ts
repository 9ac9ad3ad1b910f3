import assert from "node:assert/strict";
import { answerQuestion, connectDirectly, questions } from "../../../protocol/api/direct.ts";
import { daemonStatus } from "../../../protocol/api/session.ts";
import { setPresence } from "../../../protocol/api/conversation.ts";
import { DaemonProcess } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("two windows of one daemon", function () {
  this.timeout(60_000);
  let server: ChatServer;
  let alice: DaemonProcess;
  let bob: DaemonProcess;
  let a: TestView;
  let one: TestView;
  let other: TestView;

  beforeEach(async () => {
    server = await startChatServer({ args: ["--rate", "0"] });
    [alice, bob] = await Promise.all([DaemonProcess.start(), DaemonProcess.start()]);
    [a, one, other] = await Promise.all([alice.view(), bob.view(), bob.view()]);
    await a.join(server.port, "Alice");
    await one.join(server.port, "bob");
    await a.until("bob", () => a.contacts.get("user:bob")?.presence === "available");
    one.focus(false);
    other.focus(true);
    await Promise.all([noted(one), noted(other)]);
  });
  afterEach(async () => {
    await DaemonProcess.disposeAll();
    await server.dispose();
  });

  /** What that view notified before has been taken: a session is served in order. */
  async function noted(view: TestView): Promise<void> {
    assert.ok((await view.client.request(daemonStatus, {})).ok);
  }

  const asks = (view: TestView): boolean => view.questions.some(({ user, ask }) => user === "Alice" && ask === true);
  const lists = (view: TestView): boolean => view.questions.some(({ user }) => user === "Alice");

  it("know the question about somebody both, and the one in front asks it; when that goes, the other does", async () => {
    const connected = a.client.request(connectDirectly, { user: "bob" });
    await other.until("the question", () => asks(other));
    await one.until("the question", () => lists(one));
    assert.equal(asks(one), false);
    const listed = await one.client.request(questions, {});
    assert.deepEqual(listed.ok && listed.questions.map(({ user, ask }) => [user, ask]), [["Alice", undefined]]);
    other.close();
    await one.until("the next one asks", () => asks(one));
    const [question] = one.questions;
    assert.ok((await one.client.request(answerQuestion, { id: question?.id ?? "", answer: "once" })).ok);
    assert.ok((await connected).ok);
  });

  it("learn from each other what the person says about being there, and tell nothing while it is dnd", async () => {
    assert.deepEqual([one.ownPresence, other.ownPresence], [{ state: "available" }, { state: "available" }]);
    assert.ok((await one.client.request(setPresence, { state: "dnd", text: "focus" })).ok);
    await other.until("dnd", () => other.ownPresence?.state === "dnd");
    await a.send("user:bob", "are you there?");
    await other.until("it is unread", () => other.contacts.get("user:alice")?.unread === 1);
    const late = await bob.view();
    assert.deepEqual(late.ownPresence, { state: "dnd", text: "focus" });
    assert.ok((await other.client.request(setPresence, { state: "available" })).ok);
    await a.send("user:bob", "and now?");
    await other.until("it is told", () => other.told.length > 0);
    assert.deepEqual(
      [...one.told, ...other.told].map(({ message }) => message.text),
      ["and now?"],
    );
  });

  it("keep what the person said over a restart of the daemon", async () => {
    assert.ok((await one.client.request(setPresence, { state: "dnd" })).ok);
    await bob.stop();
    const again = await DaemonProcess.start({ home: bob.home });
    const view = await again.view();
    assert.deepEqual(view.ownPresence, { state: "dnd" });
    view.focus(true);
    await a.send("user:bob", "hello");
    await view.until("it is unread", () => view.contacts.get("user:alice")?.unread === 1);
    await noted(view);
    assert.deepEqual(view.told, []);
  });
});
