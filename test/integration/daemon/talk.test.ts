import assert from "node:assert/strict";
import { markRead } from "../../../protocol/conversations/kinds/read-mark.ts";
import { signIn, signOut } from "../../../protocol/api/session.ts";
import {
  accounts,
  draft,
  draftChanged,
  historyAfter,
  historyAround,
  search,
  setDraft,
  setPresence,
  setSignals,
  switchAccount,
} from "../../../protocol/api/conversation.ts";
import { deleteMessage } from "../../../protocol/conversations/kinds/deletion.ts";
import { editMessage } from "../../../protocol/conversations/kinds/edit.ts";
import { personTyping, typing } from "../../../protocol/conversations/kinds/typing.ts";
import { react } from "../../../protocol/conversations/kinds/reaction.ts";
import { send } from "../../../protocol/conversations/kinds/text.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import { DaemonProcess, runCli } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { LineClient } from "../../support/line-client.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { twoDaemons } from "./two-daemons.ts";

const ofAlice = "user:alice";
const ofBob = "user:bob";

describe("messages between two daemons", function () {
  this.timeout(60_000);
  let server: ChatServer;
  let alice: DaemonProcess;
  let bob: DaemonProcess;
  let a: TestView;
  let b: TestView;

  before(async () => {
    ({ server, alice, bob, a, b } = await twoDaemons());
  });
  after(async () => {
    await DaemonProcess.disposeAll();
    await server.dispose();
  });

  /** Waits until bob was shown that message so. */
  const atBob = (what: string, mid: string, is: (message: ChatMessage) => boolean): Promise<ChatMessage> => {
    return b.until(what, () => b.changes.findLast((each) => each.mid === mid && is(each)));
  };

  it("are answered, edited, reacted to and taken back, on both sides [P-4.15]", async () => {
    const { mid, seq } = await a.send(ofBob, "lunhc?");
    const received = await atBob("the message", mid, () => true);
    const answer = { conversation: ofAlice, text: "yes", answers: received.seq } as const;
    const answered = await b.client.request(send, answer);
    assert.equal(answered.ok && answered.message.quote?.text, "lunhc?");
    assert.equal((await a.client.request(editMessage, { conversation: ofBob, mid, text: "lunch?" })).ok, true);
    assert.equal((await atBob("the edit", mid, ({ text }) => text === "lunch?")).edited, true);
    const reaction = { conversation: ofAlice, seq: received.seq, emoji: "👍", on: true } as const;
    assert.equal((await b.client.request(react, reaction)).ok, true);
    await a.until(
      "the reaction",
      () => a.changes.findLast((each) => each.mid === mid)?.reactions?.[0]?.from[0] === "bob",
    );
    const quoted = (await a.history(ofBob)).find(({ text }) => text === "yes");
    assert.deepEqual(quoted?.quote, { mid, seq, from: "Alice", text: "lunch?" });
    assert.equal((await a.client.request(deleteMessage, { conversation: ofBob, mid })).ok, true);
    const deleted = await atBob("the deletion", mid, (each) => each.deleted === true);
    assert.deepEqual([deleted.text, deleted.reactions, deleted.state], ["", undefined, "received"]);
    assert.equal(b.contacts.get(ofAlice)?.unread, 0, "who answers has read it");
    for (const view of [a, b]) {
      const found = await view.client.request(search, { text: "lunch" });
      assert.deepEqual(found.ok && found.hits, []);
    }
  });

  it("are changed for somebody who is away, and reach them in order [P-4.15, P-5.3]", async () => {
    const { mid } = await a.send(ofBob, "one");
    await atBob("the message", mid, () => true);
    await b.client.request(signOut, {});
    await a.client.request(editMessage, { conversation: ofBob, mid, text: "two" });
    const second = await a.send(ofBob, "never mind");
    await a.untilMessage(second.mid, "queued");
    await a.client.request(editMessage, { conversation: ofBob, mid, text: "three" });
    await a.client.request(deleteMessage, { conversation: ofBob, mid: second.mid });
    const third = await a.send(ofBob, "still there?");
    await a.untilMessage(third.mid, "queued");
    await b.signIn(server.port, "bob");
    await atBob("the last", third.mid, () => true);
    const texts = (await b.history(ofAlice)).slice(-3).map(({ text, deleted }) => [text, deleted]);
    assert.deepEqual(texts, [
      ["three", undefined],
      ["", true],
      ["still there?", undefined],
    ]);
  });

  it("are plain messages for a client that knows nothing of it [P-4.15]", async () => {
    await b.client.request(signOut, {});
    const { mid } = await a.send(ofBob, "helo");
    await a.client.request(editMessage, { conversation: ofBob, mid, text: "hello" });
    await a.client.request(deleteMessage, { conversation: ofBob, mid });
    const last = await a.send(ofBob, "bye");
    await a.untilMessage(last.mid, "queued");
    const seed = await LineClient.open(server.port);
    await seed.ask({ type: "auth", username: "bob", password: "secret of bob" });
    const texts: unknown[] = [];
    for (let count = 0; count < 4; count += 1) {
      const push = await seed.push("message");
      texts.push(push["ref"] === undefined ? push["msg"] : [push["msg"], (push["ref"] as { kind: string }).kind]);
    }
    assert.deepEqual(texts, ["helo", ["hello", "edit"], ["(deleted)", "delete"], "bye"]);
    seed.destroy();
    await b.signIn(server.port, "bob");
    await b.untilState("connected");
  });

  it("are found, and shown around a position and behind one", async () => {
    const sent = [];
    for (let number = 1; number <= 7; number += 1) sent.push(await a.send("everyone", `needle 第${number}号`));
    const hits = await a.client.request(search, { text: "needle 第3", limit: 5 });
    assert.deepEqual(hits.ok && hits.hits.map(({ message }) => message.text), ["needle 第3号"]);
    const seq = sent[2]?.seq ?? 0;
    const around = await a.client.request(historyAround, { conversation: "everyone", seq, limit: 2 });
    assert.ok(around.ok);
    assert.deepEqual(
      around.messages.map((message) => message.seq - seq),
      [-2, -1, 0, 1, 2],
    );
    assert.deepEqual([around.moreBefore, around.moreAfter], [seq > 3, true]);
    const behind = await a.client.request(historyAfter, { conversation: "everyone", after: seq, limit: 10 });
    assert.deepEqual(behind.ok && [behind.messages.map((message) => message.seq - seq), behind.more], [
      [1, 2, 3, 4],
      false,
    ]);
    const refused = await a.client.request(search, { text: "" });
    assert.equal(refused.ok ? "ok" : refused.code, "bad_request");
  });

  it("are found from the command line", async () => {
    await a.send(ofBob, "only bob sees this needle");
    const all = await runCli(alice.home, ["search", "needle"]);
    assert.equal(all.code, 0);
    assert.match(all.stdout, /everyone.*needle 第1号/);
    assert.match(all.stdout, /bob.*only bob sees this needle/);
    const one = await runCli(alice.home, ["search", "only", "needle", "--with", "BOB", "--json"]);
    assert.equal((JSON.parse(one.stdout) as ChatMessage).text, "only bob sees this needle");
    const none = await runCli(alice.home, ["search", '"nothing of that kind"']);
    assert.deepEqual([none.code, none.stdout], [0, ""]);
    assert.equal((await runCli(alice.home, ["search"])).code, 2);
  });

  it("are announced by typing, unless that is switched off [P-4.14]", async () => {
    let seen = 0;
    b.client.on(personTyping, () => (seen += 1));
    await a.client.request(setSignals, { typing: false, readMarks: true });
    await a.client.request(typing, { conversation: ofBob });
    // What goes the same way behind it is there: so nothing comes any more.
    const { mid } = await a.send(ofBob, "did you see me writing?");
    await atBob("the message", mid, () => true);
    assert.equal(seen, 0);
    await a.client.request(setSignals, { typing: true, readMarks: true });
    const shown = new Promise<string>((resolve) =>
      b.client.on(personTyping, ({ conversation }) => resolve(conversation)),
    );
    await a.client.request(typing, { conversation: ofBob });
    assert.equal(await shown, ofAlice);
    assert.equal(seen, 1);
  });

  it("are read without a word where read marks are switched off [P-4.14]", async () => {
    const first = await a.send(ofBob, "read in secret");
    const received = await atBob("the message", first.mid, () => true);
    await b.client.request(setSignals, { typing: true, readMarks: false });
    await b.client.request(markRead, { conversation: ofAlice, upTo: received.seq });
    await b.client.request(setSignals, { typing: true, readMarks: true });
    const second = await a.send(ofBob, "read aloud");
    const next = await atBob("the message", second.mid, () => true);
    assert.equal((await a.history(ofBob)).find(({ mid }) => mid === first.mid)?.state, "delivered");
    await b.client.request(markRead, { conversation: ofAlice, upTo: next.seq });
    await a.untilMessage(second.mid, "read");
  });

  it("have drafts that every window shows, and that outlive the daemon", async () => {
    const second = await bob.view();
    const changed = new Promise<string>((resolve) => second.client.on(draftChanged, ({ text }) => resolve(text)));
    await b.client.request(setDraft, { conversation: ofAlice, text: "dear alice" });
    assert.equal(await changed, "dear alice");
    await bob.stop();
    bob = await DaemonProcess.start({ home: bob.home });
    b = await bob.view();
    await b.untilState("connected");
    assert.deepEqual(await b.client.request(draft, { conversation: ofAlice }), {
      ok: true,
      text: "dear alice",
      revision: 1,
    });
  });

  it("come from people whose own presence is kept and told again [P-4.13]", async () => {
    await b.client.request(setPresence, { state: "dnd", text: "thinking" });
    await a.until("bob thinks", () => a.contacts.get(ofBob)?.presenceText === "thinking");
    await b.client.request(signOut, {});
    await a.until("bob offline", () => a.contacts.get(ofBob)?.presence === "offline");
    await b.signIn(server.port, "bob");
    await a.until("bob thinks again", () => a.contacts.get(ofBob)?.presence === "dnd");
  });

  describe("of one person with two accounts", () => {
    const known = async (): Promise<[string, boolean, boolean][]> => {
      const outcome = await b.client.request(accounts, {});
      assert.ok(outcome.ok);
      return outcome.accounts.map(({ account, current, signedIn }) => [account.user, current, signedIn]);
    };
    const account = (user: string) => ({ user, server: `127.0.0.1:${server.port}` });

    it("stay apart, and nothing is lost while the other account is in use [P-5.2]", async () => {
      await b.join(server.port, "bobby");
      await b.untilState("connected");
      assert.deepEqual(await known(), [
        ["bobby", true, true],
        ["bob", false, true],
      ]);
      assert.deepEqual(await b.history(ofAlice), []);
      const sent = await a.send(ofBob, "for bob alone");
      await a.untilMessage(sent.mid, "queued");
      const own = await b.send(ofAlice, "from bobby");
      await b.untilMessage(own.mid, "delivered");
      assert.deepEqual(await b.client.request(switchAccount, { account: account("BOB") }), {
        ok: true,
        account: account("bob"),
      });
      await atBob("what waited", sent.mid, () => true);
      assert.deepEqual((await known())[0], ["bob", true, true]);
      const left = await a.send("user:bobby", "for bobby alone");
      await a.untilMessage(left.mid, "queued");
      const texts = (await b.history(ofAlice)).map(({ text }) => text);
      assert.deepEqual([texts.includes("from bobby"), texts.includes("for bobby alone")], [false, false]);
      assert.deepEqual(await b.client.request(draft, { conversation: ofAlice }), {
        ok: true,
        text: "dear alice",
        revision: 1,
      });
    });

    it("do not speak for each other: what a window meant for the one is not done by the other", async () => {
      const before = (await b.history(ofAlice)).length;
      const text = { conversation: ofAlice, text: "as bobby" } as const;
      const bobby = { ...text, as: account("bobby") };
      const refused = await b.client.request(send, bobby);
      assert.deepEqual(refused, { ok: false, code: "denied", reason: "Another account is signed in now." });
      assert.deepEqual(await b.client.request(setDraft, bobby), refused);
      assert.equal((await b.history(ofAlice)).length, before);
      const own = { ...text, text: "as bob", as: account("BOB") };
      assert.equal((await b.client.request(send, own)).ok, true);
      const wrong = { ...text, as: "bob" };
      assert.equal((await b.client.request(send, wrong)).ok, false);
    });

    it("are left one by one: to sign out ends the present one only", async () => {
      await b.client.request(signOut, {});
      assert.deepEqual(await known(), [
        ["bob", true, false],
        ["bobby", false, true],
      ]);
      const refused = await b.client.request(switchAccount, { account: account("bob") });
      assert.equal(refused.ok ? "ok" : refused.code, "not_authenticated");
      assert.equal((await b.client.request(switchAccount, { account: account("bobby") })).ok, true);
      await b.until("bobby connected", () => b.session.state === "connected" && b.session.account.user === "bobby");
      await b.untilReceived(ofAlice, 1);
      assert.equal((await b.history(ofAlice)).at(-1)?.text, "for bobby alone");
      const unknown = await b.client.request(switchAccount, { account: account("nobody") });
      assert.equal(unknown.ok ? "ok" : unknown.code, "not_authenticated");
      const params = { server: `127.0.0.1:${server.port}`, user: "bob", password: "secret of bob" };
      assert.equal((await b.client.request(signIn, params)).ok, true);
    });

    it("are found again after a restart of the daemon", async () => {
      await bob.stop();
      bob = await DaemonProcess.start({ home: bob.home });
      b = await bob.view();
      await b.untilState("connected");
      assert.deepEqual(await known(), [
        ["bob", true, true],
        ["bobby", false, true],
      ]);
    });
  });
});
