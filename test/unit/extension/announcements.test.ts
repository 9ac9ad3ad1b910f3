import assert from "node:assert/strict";
import { Announcements } from "../../../extension/announcements.ts";

describe("Notifications of new messages", () => {
  const begin = (): { announcements: Announcements; pass: (ms: number) => void } => {
    let nowMs = 1_000;
    return { announcements: new Announcements(() => nowMs), pass: (ms) => (nowMs += ms) };
  };

  it("come once for several quick messages of one conversation", () => {
    const { announcements, pass } = begin();
    const shown = Array.from({ length: 6 }, () => {
      pass(1_000);
      return announcements.take("user:alice", false);
    });
    assert.deepEqual(shown, [true, false, false, false, false, false]);
    assert.equal(announcements.take("user:zoe", false), true);
  });

  it("come again after 15 seconds, and as soon as the last was answered or its chat opened", () => {
    const { announcements, pass } = begin();
    announcements.take("user:alice", false);
    pass(14_999);
    assert.equal(announcements.take("user:alice", false), false);
    pass(1);
    assert.equal(announcements.take("user:alice", false), true);
    announcements.settle("user:alice");
    assert.equal(announcements.take("user:alice", false), true);
  });

  it("do not come for a chat that the person sees", () => {
    const { announcements } = begin();
    assert.equal(announcements.take("user:alice", true), false);
    assert.equal(announcements.take("user:alice", false), true);
  });
});
