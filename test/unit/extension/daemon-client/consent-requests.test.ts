import assert from "node:assert/strict";
import { createConsentPrompt } from "../../../../extension/notifications/consent-prompt.ts";
import { ConsentRequestStore } from "../../../../extension/daemon-client/consent-requests.ts";
import { formatDigits } from "../../../../extension/commands/direct-texts.ts";
import { answerQuestion, questions, questionsChanged } from "../../../../protocol/api/direct.ts";
import type { ConsentRequest } from "../../../../protocol/api/direct.ts";
import { failure } from "../../../../protocol/errors.ts";
import { withApp } from "../commands/app-stand-in.ts";
import { DaemonStandIn, question, settled } from "../stand-ins.ts";

describe("The people who wait for an answer", () => {
  it("are read at every connection, and gone while there is none", async () => {
    const daemon = new DaemonStandIn();
    daemon.answer(questions, () => ({ ok: true, questions: [question("alice")] }));
    const book = new ConsentRequestStore(daemon);
    await settled();
    assert.equal(book.find("question-alice")?.user, "alice");
    daemon.setLink({ state: "connecting" });
    assert.deepEqual(book.open, []);
  });

  it("are as last told, whatever comes late", async () => {
    const daemon = new DaemonStandIn();
    daemon.answer(questions, () => ({ ok: true, questions: [question("alice")] }));
    const book = new ConsentRequestStore(daemon);
    daemon.tell(questionsChanged, { questions: [] });
    await settled();
    assert.deepEqual(book.open, []);
  });
});

describe("The question about talking directly", () => {
  const begin = async () => {
    const parts = await withApp();
    parts.daemon.answer(answerQuestion, () => ({ ok: true }));
    const asking = createConsentPrompt(parts.app);
    return { ...parts, asking };
  };
  /** One that this window is to ask. */
  const asked = (user: string, changes: Partial<ConsentRequest> = {}): ConsentRequest =>
    question(user, { ask: true, ...changes });

  it("names who, from where, and whether the server vouches, and has the no first", async () => {
    const { daemon, prompter } = await begin();
    daemon.tell(questionsChanged, { questions: [asked("alice")] });
    await settled();
    assert.match(prompter.told[0] ?? "", /^alice wants to talk to you directly/);
    assert.match(prompter.told[0] ?? "", /this machine\. Asking from 192\.168\.1\.7\. The server vouches/);
    assert.deepEqual(prompter.buttons[0], ["Deny", "Allow Once", "Always Allow", "Stop Asking Me", "Block"]);
  });

  it("never offers to allow for ever what the server does not vouch for, and warns of another key", async () => {
    const { daemon, prompter } = await begin();
    daemon.tell(questionsChanged, { questions: [asked("alice", { vouched: false, keyChanged: true })] });
    await settled();
    assert.match(prompter.told[0] ?? "", /Somebody who gives the name alice.*does not vouch.*another key than before/);
    assert.deepEqual(prompter.buttons[0], ["Deny", "Allow Once", "Block"]);
  });

  it("is asked once, and answered with what was pressed", async () => {
    const { daemon, prompter } = await begin();
    prompter.press = "Always Allow";
    daemon.tell(questionsChanged, { questions: [asked("alice")] });
    daemon.tell(questionsChanged, { questions: [asked("alice")] });
    await settled();
    assert.equal(prompter.told.length, 1);
    assert.deepEqual(daemon.askedFor(answerQuestion.method), [{ id: "question-alice", answer: "always" }]);
  });

  it("is asked only in the window that the daemon chose, at once or when the one before is gone", async () => {
    const { daemon, prompter } = await begin();
    daemon.tell(questionsChanged, { questions: [question("alice")] });
    await settled();
    assert.deepEqual(prompter.told, []);
    daemon.tell(questionsChanged, { questions: [asked("alice")] });
    await settled();
    assert.equal(prompter.told.length, 1);
  });

  it("is not answered when it was dismissed, and says so when it was answered elsewhere", async () => {
    const { daemon, prompter } = await begin();
    daemon.tell(questionsChanged, { questions: [asked("alice")] });
    await settled();
    const pressing = Promise.withResolvers<string>();
    prompter.hold = pressing.promise;
    daemon.tell(questionsChanged, { questions: [asked("alice"), asked("zoe")] });
    await settled();
    daemon.tell(questionsChanged, { questions: [] });
    pressing.resolve("Deny");
    await settled();
    assert.deepEqual(daemon.askedFor(answerQuestion.method), []);
    assert.match(prompter.told.at(-1) ?? "", /question about zoe was answered elsewhere, or its time is over/);
  });

  it("says why an answer was not taken", async () => {
    const { daemon, prompter } = await begin();
    daemon.answer(answerQuestion, () => failure("bad_request", "It is over."));
    prompter.press = "Deny";
    daemon.tell(questionsChanged, { questions: [asked("alice")] });
    await settled();
    assert.equal(prompter.told.at(-1), "It is over.");
  });
});

describe("The safety number", () => {
  it("is written as twelve groups of five digits in three lines", () => {
    const lines = formatDigits("1234567890".repeat(6)).split("\n");
    assert.deepEqual(
      lines,
      Array.from({ length: 3 }, () => "12345  67890  12345  67890"),
    );
  });
});
