import assert from "node:assert/strict";
import {
  runAnswerQuestion,
  runConnectDirectly,
  runDisconnectDirectly,
  runRevokeDirect,
  runShowAddress,
} from "../../../../extension/commands/direct.ts";
import { runVerify } from "../../../../extension/commands/verify.ts";
import {
  acceptKey,
  answerQuestion,
  connectDirectly,
  consents,
  disconnectDirectly,
  peerAddress,
  questionsChanged,
  revokeConsent,
  safetyNumber,
  verifyContact,
} from "../../../../protocol/api/direct.ts";
import { failure } from "../../../../protocol/errors.ts";
import { person, question, settled } from "../stand-ins.ts";
import { withApp } from "./app-stand-in.ts";

const pin = "A".repeat(43);
const other = "B".repeat(43);
const digits = "0123456789".repeat(6);

describe("Connect Directly and Disconnect Direct Link", () => {
  it("ask the daemon for the person of a row, and say what came of it", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(connectDirectly, () => ({ ok: true, address: "10.0.0.2:4711" }));
    daemon.answer(disconnectDirectly, () => ({ ok: true }));
    assert.equal((await runConnectDirectly(app, { kind: "contact", contact: person("alice") })).ok, true);
    assert.equal((await runDisconnectDirectly(app, "alice")).ok, true);
    assert.deepEqual(daemon.askedFor(connectDirectly.method), [{ user: "alice" }]);
    assert.match(prompter.mentioned[0] ?? "", /Connected directly to alice/);
  });

  it("say why there is no link", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(connectDirectly, () => failure("denied", "alice said no."));
    assert.equal((await runConnectDirectly(app, "alice")).ok, false);
    assert.deepEqual(prompter.told, ["alice said no."]);
  });

  it("offer nobody who is blocked or offline", async () => {
    const { app: app, prompter } = await withApp();
    await runConnectDirectly(app);
    assert.deepEqual(
      prompter.offered.map((each) => each.label),
      ["alice"],
    );
  });
});

describe("Show Peer Address", () => {
  it("shows and copies it, with the other addresses and the key", async () => {
    const { app: app, daemon, prompter, copied } = await withApp();
    const addresses = [
      { ip: "10.0.0.2", port: 4_711 },
      { ip: "fd00::2", port: 4_711 },
    ];
    daemon.answer(peerAddress, () => ({ ok: true, ip: "10.0.0.2", port: 4_711, key: pin, addresses }));
    prompter.press = "Copy";
    const outcome = await runShowAddress(app, "alice");
    await settled();
    assert.equal(outcome.ok && outcome.port, 4_711);
    assert.match(prompter.told[0] ?? "", /^alice is at 10\.0\.0\.2:4711\. Also at \[fd00::2\]:4711\. Device AAAA /);
    assert.deepEqual(copied, ["10.0.0.2:4711"]);
  });
});

describe("Revoke Direct Access", () => {
  it("chooses among those who are allowed, or says that nobody is", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(consents, () => ({ ok: true, consents: [] }));
    await runRevokeDirect(app);
    assert.match(prompter.told[0] ?? "", /Nobody may connect/);
    daemon.answer(consents, () => ({ ok: true, consents: [{ user: "alice", key: pin, sinceMs: 1 }] }));
    daemon.answer(revokeConsent, () => ({ ok: true }));
    prompter.pick = "alice";
    assert.equal((await runRevokeDirect(app)).ok, true);
    assert.deepEqual(daemon.askedFor(revokeConsent.method), [{ user: "alice" }]);
  });
});

describe("Answer Direct Request", () => {
  it("takes the question and the answer, or asks", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(answerQuestion, () => ({ ok: true }));
    daemon.tell(questionsChanged, { questions: [question("alice")] });
    await runAnswerQuestion(app, { id: "question-alice", answer: "deny" });
    prompter.decisions.push("Allow Once");
    await runAnswerQuestion(app);
    assert.match(prompter.decided[0]?.text ?? "", /^alice wants to talk to you directly/);
    assert.equal(prompter.decided[0]?.buttons[0], "Deny");
    assert.deepEqual(daemon.askedFor(answerQuestion.method), [
      { id: "question-alice", answer: "deny" },
      { id: "question-alice", answer: "once" },
    ]);
  });

  it("says that a question is gone", async () => {
    const { app: app, daemon, prompter } = await withApp();
    assert.equal((await runAnswerQuestion(app, { id: "old" })).ok, false);
    assert.match(prompter.told[0] ?? "", /time is over/);
    assert.deepEqual(daemon.askedFor(answerQuestion.method), []);
  });
});

describe("Verify Contact", () => {
  const known = { ok: true, digits, key: pin, ownKey: other, verified: false } as const;

  it("shows the sixty digits in groups, and marks as verified only on that word", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(safetyNumber, () => known);
    daemon.answer(verifyContact, () => ({ ok: true }));
    assert.equal((await runVerify(app, "alice")).ok, false);
    assert.deepEqual(daemon.askedFor(verifyContact.method), []);
    assert.match(prompter.decided[0]?.detail ?? "", /^01234  56789  01234  56789\n/);
    prompter.decisions.push("Mark as Verified");
    assert.deepEqual(await runVerify(app, "alice"), { ok: true, verified: true });
    assert.deepEqual(daemon.askedFor(verifyContact.method), [{ user: "alice", key: pin, verified: true }]);
  });

  it("ends the direct link where the numbers differ, and says what to do", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(safetyNumber, () => known);
    daemon.answer(verifyContact, () => ({ ok: true }));
    prompter.decisions.push("Not the Same");
    assert.deepEqual(await runVerify(app, "alice"), { ok: true, verified: false });
    assert.equal(daemon.askedFor(disconnectDirectly.method).length, 1);
    assert.match(prompter.told[0] ?? "", /do not write anything secret/);
  });

  it("shows both keys after a change, and takes the new one only on that word", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(safetyNumber, () => ({ ...known, changed: other }));
    daemon.answer(acceptKey, () => ({ ok: true }));
    await runVerify(app, "alice");
    assert.match(prompter.decided[0]?.detail ?? "", /Key before:\nAAAA [^]*Key now:\nBBBB /);
    assert.deepEqual(daemon.askedFor(acceptKey.method), []);
    prompter.decisions.push("Accept New Key");
    assert.deepEqual(await runVerify(app, "alice"), { ok: true, verified: false });
    assert.deepEqual(daemon.askedFor(acceptKey.method), [{ user: "alice", key: other }]);
  });

  it("says that no key is known yet", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(safetyNumber, () => failure("bad_request", "No key is known yet."));
    await runVerify(app, "alice");
    assert.deepEqual(prompter.told, ["No key is known yet."]);
  });
});
