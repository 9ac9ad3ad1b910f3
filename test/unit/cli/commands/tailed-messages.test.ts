import assert from "node:assert/strict";
import { TailedMessages } from "../../../../cli/commands/tailed-messages.ts";
import type { ChatMessage } from "../../../../protocol/api/model.ts";
import { received } from "../../daemon/stored.ts";

describe("What tail prints", () => {
  let printed: string[];
  let tailed: TailedMessages;
  const own = (seq: number, state: ChatMessage["state"]): ChatMessage => received(seq, { own: true, state });

  beforeEach(() => {
    printed = [];
    tailed = new TailedMessages(({ seq, state }) => printed.push(`${seq} ${state}`));
  });

  it("is what came since it began, also while it looked what is old", () => {
    tailed.changed([received(5), received(6)]);
    tailed.startBehind("user:bob", 5);
    assert.deepEqual(printed, []);
    tailed.begin();
    tailed.changed([received(7)]);
    assert.deepEqual(printed, ["6 received", "7 received"]);
  });

  it("is each message once, whatever changes about it", () => {
    tailed.begin();
    tailed.changed([received(1), received(1, { edited: true })]);
    tailed.changed([received(1, { reactions: [{ emoji: "👍", from: ["Bob"] }] })]);
    assert.deepEqual(printed, ["1 received"]);
  });

  it("is an own message when it is known what became of it", () => {
    tailed.begin();
    tailed.changed([own(1, "sending"), own(2, "sending"), received(3)]);
    assert.deepEqual(printed, ["3 received"]);
    tailed.changed([own(2, "failed"), own(1, "delivered"), own(1, "read")]);
    assert.deepEqual(printed, ["3 received", "2 failed", "1 delivered"]);
  });

  it("is no old message of one's own that leaves the outbox now", () => {
    tailed.startBehind("user:bob", 4);
    tailed.begin();
    tailed.changed([own(3, "sending"), own(3, "delivered")]);
    assert.deepEqual(printed, []);
  });

  it("has no hole behind a daemon that takes over", () => {
    tailed.startBehind("user:bob", 4);
    tailed.begin();
    tailed.changed([own(5, "sending"), received(6)]);
    assert.equal(tailed.settledUpTo("user:bob"), 4);
    tailed.read([own(5, "queued"), received(6), received(7)]);
    assert.deepEqual(printed, ["6 received", "5 queued", "7 received"]);
    assert.equal(tailed.settledUpTo("user:bob"), 7);
  });

  it("begins anew in a conversation that was deleted", () => {
    tailed.startBehind("user:bob", 40);
    tailed.begin();
    tailed.forget(["user:bob"]);
    tailed.changed([received(1)]);
    assert.deepEqual(printed, ["1 received"]);
  });
});
