// How senders learn what became of their queued letters [P-5.7], whoever implements it: one suite over all of them.

import assert from "node:assert/strict";
import type { MessageId } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Account, QueuedMessage, Outcome } from "../../../server/core/ports.ts";
import { implementations } from "./implementations.ts";
import type { Implementation } from "./implementations.ts";
import { appendAll, seqOf } from "./letters.ts";

for (const { name, create } of implementations) {
  describe(`outcomes ${name}`, () => {
    let made: Implementation;
    let alice: Account;
    let bob: Account;
    let told: number[];

    beforeEach(async () => {
      made = create();
      told = [];
      made.outcomes.watch((account) => told.push(account));
      [alice, bob] = [await made.account("alice"), await made.account("bob")];
    });
    afterEach(() => made.dispose());

    const letter = (mid: string, reported = true): QueuedMessage => ({
      from: alice.name,
      sender: alice.id,
      senderId: alice.publicId,
      mid: mid as MessageId,
      ts: 1,
      msg: mid,
      ...(reported ? { reported } : {}),
    });
    const append = async (...letters: QueuedMessage[]) => (await appendAll(made.mailbox, bob.id, letters)).map(seqOf);
    const read = async (after = 0, count = 100): Promise<readonly Outcome[]> => {
      const outcomes = await new Promise<readonly Outcome[] | "failed">((done) =>
        made.outcomes.read(alice.id, after, count, done),
      );
      assert.ok(outcomes !== "failed");
      return outcomes;
    };
    const states = async () => (await read()).map(({ mid, state }) => `${mid} ${state}`);
    const remove = (seqs: number[]) => seqs.forEach((seq) => made.mailbox.remove(bob.id, seq));

    it("tell that a letter was delivered, of those whose sender asked", async () => {
      remove(await append(letter("m\u00001"), letter("m2", false)));
      const [outcome, ...others] = await read();
      assert.deepEqual(others, []);
      const { seq, ...rest } = outcome ?? { seq: 0 };
      assert.ok(seq > 0);
      assert.deepEqual(rest, { to: "bob", toId: bob.publicId, mid: "m\u00001", state: "delivered" });
      assert.deepEqual(told, [alice.id]);
    });

    it("tell that a letter has expired", async () => {
      await append(letter("m1"), letter("m2", false));
      made.advance(limits.maxMailboxAgeMs + 1);
      made.advance(60 * 60 * 1_000);
      assert.deepEqual(await states(), ["m1 expired"]);
    });

    it("tell that a letter went with its recipient's account", async () => {
      await append(letter("m1"), letter("m2", false));
      await made.removeAccount(bob);
      assert.deepEqual(await states(), ["m1 removed"]);
      assert.deepEqual(
        (await read()).map(({ to, toId }) => [to, toId]),
        [["bob", bob.publicId]],
      );
    });

    it("are told in order, page by page, until the sender has heard them", async () => {
      remove(await append(letter("m1"), letter("m2"), letter("m3")));
      const [first, second] = await read(0, 2);
      assert.deepEqual([first?.mid, second?.mid], ["m1", "m2"]);
      assert.deepEqual(
        (await read(second?.seq)).map(({ mid }) => mid),
        ["m3"],
      );
      made.outcomes.remove(alice.id, second?.seq ?? 0);
      assert.deepEqual(await states(), ["m3 delivered"]);
    });

    it("are not told again while they cannot be removed from the disk", async () => {
      remove(await append(letter("m1"), letter("m2")));
      const [first] = await read();
      made.breakDisk(true);
      made.outcomes.remove(alice.id, first?.seq ?? 0);
      assert.deepEqual(await states(), ["m2 delivered"]);
      made.breakDisk(false);
      made.advance(60_000);
      await made.settled();
      assert.deepEqual(await states(), ["m2 delivered"]);
    });

    it("are as many as the limit for each sender, the latest", async () => {
      const half = limits.maxOutcomes / 4;
      for (let round = 0; round < 5; round += 1) {
        remove(await append(...Array.from({ length: half }, (_, index) => letter(`${round} ${index}`))));
        await made.settled();
      }
      const outcomes = await read(0, limits.maxOutcomes + 1);
      assert.equal(outcomes.length, limits.maxOutcomes);
      assert.deepEqual([outcomes[0]?.mid, outcomes.at(-1)?.mid], ["1 0", `4 ${half - 1}`]);
    }).timeout(60_000);

    it("are dropped 30 days of a running server later, and with their own account", async () => {
      remove(await append(letter("m1")));
      await made.settled();
      made.advance(limits.maxMailboxAgeMs + 2 * 60 * 60 * 1_000);
      assert.deepEqual(await states(), []);
      remove(await append(letter("m2")));
      await made.settled();
      await made.removeAccount(alice);
      alice = await made.account("alice");
      assert.deepEqual(await states(), []);
    });

    it("are not written for a sender who is gone", async () => {
      const seqs = await append(letter("m1"));
      const gone = alice;
      await made.removeAccount(alice);
      alice = await made.account("alice");
      remove(seqs);
      assert.deepEqual(await states(), []);
      assert.ok(!told.includes(gone.id));
    });
  });
}
