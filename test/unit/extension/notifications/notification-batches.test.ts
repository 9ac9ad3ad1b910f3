import assert from "node:assert/strict";
import { NotificationBatches } from "../../../../extension/notifications/notification-batches.ts";

describe("Notifications of new messages", () => {
  const begin = (): { announcements: NotificationBatches; pass: (ms: number) => void } => {
    let nowMs = 1_000;
    return { announcements: new NotificationBatches(() => nowMs), pass: (ms) => (nowMs += ms) };
  };

  it("come once for several quick messages of one conversation", () => {
    const { announcements, pass } = begin();
    const shown = Array.from({ length: 6 }, () => {
      pass(1_000);
      return announcements.take("user:alice", false);
    });
    assert.deepEqual(shown, ["one", "none", "none", "none", "none", "none"]);
    assert.equal(announcements.take("user:zoe", false), "one");
  });

  it("come for one that names the person beside those that do not, and once for several of these", () => {
    const { announcements } = begin();
    const take = (named: boolean): string => announcements.take("user:alice", false, named);
    assert.deepEqual([take(false), take(true), take(true), take(false)], ["one", "one", "none", "none"]);
    for (const name of ["b", "c", "d"]) announcements.take(`user:${name}`, false);
    assert.equal(announcements.take("user:e", false, true), "one");
  });

  it("come again after 15 seconds, and as soon as the last was answered or its chat opened", () => {
    const { announcements, pass } = begin();
    announcements.take("user:alice", false);
    pass(14_999);
    assert.equal(announcements.take("user:alice", false), "none");
    pass(1);
    assert.equal(announcements.take("user:alice", false), "one");
    announcements.settle("user:alice");
    assert.equal(announcements.take("user:alice", false), "one");
  });

  it("do not come for a chat that the person sees", () => {
    const { announcements } = begin();
    assert.equal(announcements.take("user:alice", true), "none");
    assert.equal(announcements.take("user:alice", false), "one");
  });

  it("come as one for all when several conversations wait already", () => {
    const { announcements, pass } = begin();
    for (const name of ["a", "b", "c"] as const) assert.equal(announcements.take(`user:${name}`, false), "one");
    assert.equal(announcements.take("user:d", false), "several");
    assert.equal(announcements.take("user:e", false), "none");
    announcements.settleSeveral();
    assert.equal(announcements.take("user:e", false), "several");
    pass(15_000);
    assert.equal(announcements.take("user:e", false), "one");
  });
});
