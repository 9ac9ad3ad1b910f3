// What every mailbox does, whoever implements it [P-5.2, P-5.3]: one suite over all of them.

import assert from "node:assert/strict";
import type { MessageId } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Account, Appended, QueuedMessage, StoredLetter } from "../../../server/core/ports.ts";
import { implementations } from "./implementations.ts";
import type { Implementation } from "./implementations.ts";
import { appendAll, read, seqOf } from "./letters.ts";

const everything = { messages: 100_000, bytes: Infinity };

for (const { name, create } of implementations) {
  describe(`a mailbox ${name}`, () => {
    let made: Implementation;
    let alice: Account;
    let bob: Account;
    let carol: Account;

    beforeEach(async () => {
      made = create();
      [alice, bob, carol] = [await made.account("alice"), await made.account("bob"), await made.account("carol")];
    });
    afterEach(() => made.dispose());

    const letter = (mid: string, msg = mid, from: Account = alice): QueuedMessage => ({
      from: from.name,
      sender: from.id,
      senderId: from.publicId,
      mid: mid as MessageId,
      ts: 1,
      msg,
    });
    const append = (...letters: QueuedMessage[]) => appendAll(made.mailbox, bob.id, letters);
    const kinds = async (...letters: QueuedMessage[]) => (await append(...letters)).map(({ kind }) => kind);
    const all = (after = 0, bounds = everything) => read(made.mailbox, bob.id, after, bounds);
    const texts = async (after = 0, bounds = everything) => (await all(after, bounds)).map(({ msg }) => msg);
    const holds = (mid: string, from: Account = alice) =>
      new Promise((done) => made.mailbox.holds(bob.id, from.id, mid as MessageId, done));

    it("keeps the order of appending, over commits and over removals", async () => {
      const [one] = await append(letter("one"), letter("two"));
      made.mailbox.remove(bob.id, seqOf(one));
      const [, three] = await append(letter("two"), letter("three"));
      assert.deepEqual(await texts(), ["two", "three"]);
      assert.deepEqual(await texts(seqOf(one)), ["two", "three"]);
      assert.deepEqual(await texts(seqOf(three)), []);
    });

    it("calls back later, once, and in the order of the calls", async () => {
      const heard: string[] = [];
      const note = (what: string) => () => heard.push(what);
      made.mailbox.append(bob.id, letter("one"), note("appended"));
      made.mailbox.read(bob.id, 0, everything, note("read"));
      made.mailbox.holds(bob.id, alice.id, "one" as MessageId, note("holds"));
      made.mailbox.append(bob.id, letter("one"), note("known"));
      made.mailbox.read(bob.id, 0, everything, note("read again"));
      assert.deepEqual(heard, []);
      await made.settled();
      assert.deepEqual(heard, ["appended", "read", "holds", "known", "read again"]);
    });

    it("reads what was appended before, whether that is committed yet or not", async () => {
      const appended = append(letter("one"));
      assert.deepEqual(await texts(), ["one"]);
      assert.equal((await appended)[0]?.kind, "stored");
    });

    it("gives letters back as they were, whatever characters they hold", async () => {
      const odd = letter("m\u0000'\"\\", "\u0000 é 漢字 👩‍💻 \u202e \r\n \ufffd\ufeff");
      const reference = { kind: "reply", mid: "o\u0000" as MessageId, added: { "\u0000": [1, null, "é"] } };
      await append({ ...odd, ref: reference, reported: true }, letter("empty", ""));
      const back = (await all()).map(withoutSeq);
      assert.deepEqual(back, [{ ...odd, ref: reference, reported: true }, letter("empty", "")]);
    });

    it("takes no two texts for one, whatever they have in common [P-5.4]", async () => {
      const odd = ["a", "a\u0000", "a\u0000b", "a\u0000c", "\ud800", "\ud801", "\udc00", "\ufffd", "\u00ff\u0000x"];
      const letters = odd.map((text) => letter(text));
      assert.deepEqual(new Set(await kinds(...letters)), new Set(["stored"]));
      assert.deepEqual((await all()).map(withoutSeq), letters);
      assert.deepEqual(new Set(await kinds(...letters)), new Set(["known"]));
    });

    it("counts (sender, mid) that is there as known, under its seq, and keeps the first [P-5.4]", async () => {
      const [first, second] = await append(letter("m", "first"), letter("m", "second"));
      assert.deepEqual([first?.kind, second], ["stored", { kind: "known", seq: seqOf(first) }]);
      const [third, other] = await append(letter("m", "third"), letter("m", "other sender", carol));
      assert.deepEqual([third, other?.kind], [{ kind: "known", seq: seqOf(first) }, "stored"]);
      assert.deepEqual(await texts(), ["first", "other sender"]);
    });

    it("holds what was appended and not removed, by its sender and mid [P-5.4]", async () => {
      const [appended] = await append(letter("m"));
      assert.deepEqual([await holds("m"), await holds("n"), await holds("m", carol)], [true, false, false]);
      made.mailbox.remove(bob.id, seqOf(appended));
      assert.equal(await holds("m"), false);
    });

    it("reads within bounds, but always one", async () => {
      await append(letter("1", "é".repeat(5)), letter("2", "y".repeat(10)), letter("3", "z".repeat(10)));
      assert.equal((await texts(0, { messages: 2, bytes: 1_000 })).length, 2);
      assert.equal((await texts(0, { messages: 10, bytes: 20 })).length, 2);
      assert.equal((await texts(0, { messages: 10, bytes: 19 })).length, 1);
      assert.equal((await texts(0, { messages: 10, bytes: 1 })).length, 1);
    });

    it("does not show a removed letter again, nor remove one of somebody else", async () => {
      const [one, two] = await append(letter("one"), letter("two"));
      made.mailbox.remove(carol.id, seqOf(one));
      made.mailbox.remove(bob.id, seqOf(two));
      assert.deepEqual(await texts(), ["one"]);
      made.mailbox.remove(bob.id, seqOf(one));
      await append(letter("three"));
      assert.deepEqual(await texts(), ["three"]);
    });

    it("may hold something from the call of append until it is empty for sure", async () => {
      const mayHold = () => made.mailbox.mayHold(bob.id);
      assert.equal(mayHold(), false);
      const first = append(letter("one"));
      assert.equal(mayHold(), true);
      const [one] = await first;
      assert.equal(mayHold(), true);
      made.mailbox.remove(bob.id, seqOf(one));
      const second = append(letter("two"));
      await made.settled();
      assert.equal(mayHold(), true);
      made.mailbox.remove(bob.id, seqOf((await second)[0]));
      await made.settled();
      assert.equal(mayHold(), false);
      made.breakDisk(true);
      await append(letter("three"));
      assert.equal(mayHold(), false);
      made.breakDisk(false);
    });

    it("is full at 10,000 letters until one is removed, and knows then what it holds [P-5.3, P-5.4]", async () => {
      const senders = await Promise.all(["a", "b", "c", "d"].map((each) => made.account(each)));
      const share = limits.maxMailboxMessages / senders.length;
      assert.ok(share <= limits.maxMailboxShareMessages);
      const full = senders.flatMap((from) =>
        Array.from({ length: share }, (_, index) => letter(`m${index}`, "x", from)),
      );
      const appended = append(...full);
      assert.deepEqual(await kinds(letter("one too many")), ["full"]);
      const [first] = await appended;
      assert.deepEqual(await append(full[0] ?? letter("")), [{ kind: "known", seq: seqOf(first) }]);
      made.mailbox.remove(bob.id, seqOf(first));
      assert.deepEqual(await kinds(letter("it fits now"), letter("and no more")), ["stored", "full"]);
    }).timeout(60_000);

    it("takes a share from each sender, so that nobody fills it alone [P-5.3]", async () => {
      const many = Array.from({ length: limits.maxMailboxShareMessages }, (_, index) => letter(`m${index}`));
      assert.deepEqual(new Set(await kinds(...many)), new Set(["stored"]));
      assert.deepEqual(await kinds(letter("mine"), letter("m7"), letter("hers", "hers", carol)), [
        "share_full",
        "known",
        "stored",
      ]);
    }).timeout(60_000);

    it("takes a share of bytes from each sender, and of all [P-5.3]", async () => {
      const text = "x".repeat(limits.maxMailboxShareBytes / 4);
      const four = (from: Account) => ["1", "2", "3", "4"].map((mid) => letter(mid, text, from));
      assert.deepEqual(await kinds(...four(alice), letter("5", "x")), [...stored(4), "share_full"]);
      const others = await Promise.all(["a", "b", "c"].map((each) => made.account(each)));
      assert.ok(4 * limits.maxMailboxShareBytes >= limits.maxMailboxBytes);
      for (const from of others) assert.deepEqual(await kinds(...four(from)), stored(4));
      assert.deepEqual(await kinds(letter("6", "x", carol)), ["full"]);
    }).timeout(60_000);

    it("counts what a reference holds like its text [P-5.3]", async () => {
      const added = "x".repeat(limits.maxMailboxShareBytes);
      const ref = { kind: "reply", mid: "m" as MessageId, added };
      assert.deepEqual(await kinds({ ...letter("m"), ref }), ["share_full"]);
    });

    it("drops what is older than 30 days of a running server [P-5.3]", async () => {
      await append(letter("old"));
      made.advance(limits.maxMailboxAgeMs + 1);
      await append(letter("new"));
      assert.deepEqual(await texts(), ["new"]);
    });

    it("drops nothing by a wall clock that is set, by years, in either direction [P-5.3]", async () => {
      for (const wallMs of [0, 4_102_444_800_000, 1_000]) {
        made.setWallClock(wallMs);
        await append(letter(`at ${wallMs}`));
        made.advance(2 * 60 * 60 * 1_000);
        await made.settled();
      }
      assert.equal((await texts()).length, 3);
    });

    it("goes with its account, and nothing of it is found by a later one of that name", async () => {
      await append(letter("one"));
      await made.removeAccount(bob);
      assert.deepEqual(await kinds(letter("two")), ["failed"]);
      assert.deepEqual([await texts(), made.mailbox.mayHold(bob.id)], [[], false]);
      bob = await made.account("bob");
      assert.deepEqual([await texts(), made.mailbox.mayHold(bob.id)], [[], false]);
    });

    it("keeps what a removed account has sent, as nobody's: a later one of that name sends its own [P-3.7]", async () => {
      await append(letter("m", "from the first"));
      await made.removeAccount(alice);
      const [kept] = await all();
      assert.deepEqual([kept?.sender, kept?.from, kept?.senderId], [0, "alice", alice.publicId]);
      const later = await made.account("alice");
      assert.equal(await holds("m", later), false);
      assert.deepEqual(await kinds(letter("m", "from the second", later)), ["stored"]);
      const back = (await all()).map(({ msg, sender }) => [msg, sender]);
      assert.deepEqual(back, [
        ["from the first", 0],
        ["from the second", later.id],
      ]);
    });

    it("fails while the disk fails, and works again by itself", async () => {
      made.breakDisk(true);
      assert.deepEqual(await kinds(letter("one"), letter("two")), ["failed", "failed"]);
      made.breakDisk(false);
      assert.deepEqual(await kinds(letter("two")), ["stored"]);
      assert.deepEqual(await texts(), ["two"]);
    });

    it("shows nothing that was removed while the disk failed, and removes it later", async () => {
      const [one] = await append(letter("one"), letter("two"));
      made.breakDisk(true);
      made.mailbox.remove(bob.id, seqOf(one));
      assert.deepEqual([await texts(), await holds("one")], [["two"], false]);
      made.breakDisk(false);
      made.advance(60_000);
      await made.settled();
      assert.deepEqual([await texts(), await holds("one")], [["two"], false]);
      assert.deepEqual(await kinds(letter("one", "another one")), ["stored"]);
    });
  });
}

const stored = (count: number): Appended["kind"][] => Array.from({ length: count }, () => "stored");

function withoutSeq({ seq, ...letter }: StoredLetter): QueuedMessage {
  assert.ok(seq > 0);
  return letter;
}
