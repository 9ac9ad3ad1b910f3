import assert from "node:assert/strict";
import type { AccountId, MessageId, UserName } from "../../../../../protocol/ids.ts";
import { BroadcastCount } from "../../../../../server/core/delivery/broadcast-count.ts";
import { WaitingMessages } from "../../../../../server/core/delivery/waiting-messages.ts";
import type { WaitingBroadcast, WaitingLetter } from "../../../../../server/core/delivery/waiting-messages.ts";

const responder = { answer: () => undefined };
const letter = (msg: string, sinceMs = 0): WaitingLetter => ({
  kind: "letter",
  letter: { from: "a" as UserName, sender: 1, senderId: "a" as AccountId, mid: "m" as MessageId, ts: 0, msg },
  responder,
  sinceMs,
});
const broadcast = (rest: string): WaitingBroadcast => {
  const count = new BroadcastCount(responder, 0);
  count.expect();
  return { kind: "broadcast", line: { rest }, count };
};

describe("messages that wait for room", () => {
  let waiting: WaitingMessages;

  beforeEach(() => {
    waiting = new WaitingMessages();
  });

  it("come out in order", () => {
    const all = [letter("one"), broadcast("all"), letter("two")];
    for (const each of all) assert.equal(waiting.add(each), true);
    assert.deepEqual([waiting.shift(), waiting.shift(), waiting.shift(), waiting.shift()], [...all, undefined]);
    assert.equal(waiting.empty, true);
  });

  it("are 256 at most, and 256 Ki UTF-16 units", () => {
    for (let each = 0; each < 256; each += 1) assert.equal(waiting.add(letter("x")), true);
    assert.equal(waiting.add(letter("x")), false);
    waiting.shift();
    assert.equal(waiting.add(letter("x")), true);
    assert.equal(new WaitingMessages().add(letter("x".repeat(256 * 1_024 + 1))), false);
    const large = new WaitingMessages();
    assert.equal(large.add(letter("x".repeat(256 * 1_024))), true);
    assert.equal(large.add(broadcast("x")), false);
    large.takeLetters();
    assert.equal(large.add(broadcast("x".repeat(256 * 1_024))), true);
    large.dropBroadcasts();
    assert.equal(large.add(letter("x".repeat(256 * 1_024))), true);
  });

  it("tell since when the first letter waits, whatever is before it", () => {
    assert.equal(waiting.letterSinceMs, undefined);
    for (const each of [broadcast("all"), letter("one", 7), letter("two", 8)]) waiting.add(each);
    assert.equal(waiting.letterSinceMs, 7);
  });

  it("are parted into letters, which are stored, and broadcasts, which reach nobody then", () => {
    const [all, one] = [broadcast("all"), letter("one")];
    waiting.add(all);
    waiting.add(one);
    assert.deepEqual(waiting.takeLetters(), [one]);
    waiting.dropBroadcasts();
    assert.deepEqual([waiting.empty, all.count.arrived], [true, 0]);
  });
});
