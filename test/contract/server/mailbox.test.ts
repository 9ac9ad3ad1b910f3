// What every mailbox does, in memory or on disk [P-5.2, P-5.3]: one suite over all of them.

import assert from "node:assert/strict";
import type { MessageId, UserName } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Letter, Mailbox, Written } from "../../../server/core/ports.ts";
import { implementations } from "./implementations.ts";
import type { Implementation } from "./implementations.ts";

const letter = (mid: string, msg = mid, from = "alice"): Letter => ({
  from: from as UserName,
  mid: mid as MessageId,
  ts: 1,
  msg,
});
const everything = { messages: 100_000, bytes: Infinity };

for (const { name, create } of implementations) {
  describe(`a mailbox ${name}`, () => {
    let made: Implementation;
    let mailbox: Mailbox;
    let bob: number;

    beforeEach(async () => {
      made = create();
      mailbox = made.mailbox;
      bob = await made.account("bob");
    });
    afterEach(() => made.dispose());

    function append(...letters: Letter[]): Promise<Written[]> {
      const outcomes = letters.map(
        (each) =>
          new Promise<Written>((stored, reject) => {
            if (!mailbox.append(bob, each, { stored })) reject(new Error("full"));
          }),
      );
      return Promise.all(outcomes);
    }

    const texts = (after = 0, bounds = everything) => mailbox.read(bob, after, bounds).map(({ msg }) => msg);

    it("shows a letter only once it is committed", async () => {
      const appended = append(letter("one"));
      assert.deepEqual(texts(), []);
      assert.deepEqual(await appended, ["written"]);
      assert.deepEqual(texts(), ["one"]);
    });

    it("keeps the order of appending, over commits and over removals", async () => {
      await append(letter("one"), letter("two"));
      const [first] = mailbox.read(bob, 0, everything);
      mailbox.remove(bob, first?.seq ?? 0);
      await append(letter("three"));
      assert.deepEqual(texts(), ["two", "three"]);
      assert.deepEqual(texts(first?.seq), ["two", "three"]);
    });

    it("gives letters back as they were, whatever characters they hold", async () => {
      const odd = letter("m\u0000'\"\\", "\u0000 é 漢字 👩‍💻 \u202e \r\n \ufffd");
      await append(odd);
      const [{ seq, ...back } = { seq: 0 }] = mailbox.read(bob, 0, everything);
      assert.ok(seq > 0);
      assert.deepEqual(back, odd);
    });

    it("gives back what a letter does to an earlier message [P-4.15]", async () => {
      const edit = { ...letter("two", "better"), ref: { kind: "edit", mid: "one" as MessageId } };
      await append(letter("one"), edit);
      const [first, second] = mailbox
        .read(bob, 0, everything)
        .map(({ seq, ...back }) => ({ ...back, behind: seq > 0 }));
      assert.deepEqual(first, { ...letter("one"), behind: true });
      assert.deepEqual(second, { ...edit, behind: true });
    });

    it("counts (from, mid) that is there as written, and keeps the first [P-5.4]", async () => {
      assert.deepEqual(await append(letter("m", "first"), letter("m", "second")), ["written", "written"]);
      assert.deepEqual(await append(letter("m", "third"), letter("m", "other sender", "carol")), [
        "written",
        "written",
      ]);
      assert.deepEqual(texts(), ["first", "other sender"]);
    });

    it("holds what is committed and not removed, by its sender and mid [P-5.4]", async () => {
      const holds = (mid: string, from = "alice") => mailbox.holds(bob, from as UserName, mid as MessageId);
      const appended = append(letter("m"));
      assert.equal(holds("m"), false);
      await appended;
      assert.deepEqual([holds("m"), holds("n"), holds("m", "carol")], [true, false, false]);
      mailbox.remove(bob, mailbox.read(bob, 0, everything)[0]?.seq ?? 0);
      assert.equal(holds("m"), false);
    });

    it("reads within bounds, but always one", async () => {
      await append(letter("1", "x".repeat(10)), letter("2", "y".repeat(10)), letter("3", "z".repeat(10)));
      assert.equal(texts(0, { messages: 2, bytes: 1_000 }).length, 2);
      assert.equal(texts(0, { messages: 10, bytes: 20 }).length, 2);
      assert.equal(texts(0, { messages: 10, bytes: 1 }).length, 1);
    });

    it("does not show a removed letter again, committed or not", async () => {
      await append(letter("one"), letter("two"));
      for (const { seq } of mailbox.read(bob, 0, everything)) mailbox.remove(bob, seq);
      assert.deepEqual(texts(), []);
      await append(letter("three"));
      assert.deepEqual(texts(), ["three"]);
    });

    it("is full at 10,000 letters, those not yet committed included, until one is removed [P-5.3]", async () => {
      const full = Array.from({ length: limits.maxMailboxMessages }, (_, index) => letter(`m${index}`));
      const appended = append(...full);
      await assert.rejects(append(letter("one too many")), /full/);
      await appended;
      await assert.rejects(append(letter("one too many")), /full/);
      const [first] = mailbox.read(bob, 0, { messages: 1, bytes: 1 });
      mailbox.remove(bob, first?.seq ?? 0);
      await made.settled();
      assert.deepEqual(await append(letter("it fits now")), ["written"]);
    }).timeout(60_000);

    it("drops what is older than 30 days [P-5.3]", async () => {
      await append(letter("old"));
      made.advance(limits.maxMailboxAgeMs + 1);
      await append(letter("new"));
      assert.deepEqual(texts(), ["new"]);
    });

    it("fails while the disk fails, and works again by itself", async () => {
      made.breakDisk(true);
      assert.deepEqual(await append(letter("one"), letter("two")), ["failed", "failed"]);
      made.breakDisk(false);
      assert.deepEqual(await append(letter("two")), ["written"]);
      assert.deepEqual(texts(), ["two"]);
    });
  });
}
