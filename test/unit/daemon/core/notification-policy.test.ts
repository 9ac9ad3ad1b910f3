import assert from "node:assert/strict";
import { chooseAsker, chooseWindow, withoutWindow, withWindow } from "../../../../daemon/core/notification-policy.ts";
import type { Windows } from "../../../../daemon/core/notification-policy.ts";
import { World } from "./world.ts";

const none: Windows = new Map();
const report = (focused: boolean, visible: `user:${string}`[] = [], tells = true) => ({ focused, visible, tells });

describe("the one notifier", () => {
  it("is the focused window", () => {
    const windows = withWindow(withWindow(none, 1, report(false)), 2, report(true));
    assert.equal(chooseWindow(windows, "user:bob"), 2);
  });

  it("is nobody while a focused window shows that conversation", () => {
    const windows = withWindow(withWindow(none, 1, report(false)), 2, report(true, ["user:bob"]));
    assert.equal(chooseWindow(windows, "user:bob"), undefined);
    assert.equal(chooseWindow(windows, "user:carol"), 2);
  });

  it("is the window that was used last when none has the focus", () => {
    let windows = withWindow(withWindow(none, 1, report(true)), 2, report(false));
    windows = withWindow(windows, 1, report(false));
    windows = withWindow(windows, 2, report(true));
    windows = withWindow(windows, 2, report(false));
    assert.equal(chooseWindow(windows, "user:bob"), 2);
    assert.equal(chooseWindow(withoutWindow(windows, 2), "user:bob"), 1);
  });

  it("tells though an unfocused window shows the conversation", () => {
    const windows = withWindow(none, 1, report(false, ["user:bob"]));
    assert.equal(chooseWindow(windows, "user:bob"), 1);
  });

  it("is never a window that cannot show notifications", () => {
    assert.equal(chooseWindow(withWindow(none, 1, report(true, [], false)), "user:bob"), undefined);
    assert.equal(chooseWindow(none, "user:bob"), undefined);
  });

  it("tells of a message that names nobody, and of a reaction, in a window that wants those", () => {
    const mentions = withWindow(none, 1, { ...report(true), mentions: true });
    assert.deepEqual(
      [chooseWindow(mentions, "user:bob"), chooseWindow(mentions, "user:bob", "message")],
      [1, undefined],
    );
    assert.equal(chooseWindow(withWindow(none, 1, report(true)), "user:bob", "reaction"), undefined);
    const all = withWindow(mentions, 2, { ...report(false), reactions: true });
    assert.equal(chooseWindow(all, "user:bob", "reaction"), 2);
    const looking = withWindow(all, 2, { ...report(true, ["user:bob"]), reactions: true });
    assert.equal(chooseWindow(looking, "user:bob", "reaction"), undefined);
  });

  it("asks in the window in front, also where that tells about no messages", () => {
    const windows = withWindow(withWindow(none, 1, report(false)), 2, report(true, ["user:bob"], false));
    assert.equal(chooseAsker(windows), 2);
    assert.equal(chooseAsker(withoutWindow(windows, 2)), 1);
    assert.equal(chooseAsker(none), undefined);
  });

  it("tells nobody while the person does not want to be disturbed, and counts all the same", () => {
    const world = new World().connected();
    world.do({ kind: "window", window: 1, report: report(true) }, { kind: "doNotDisturb", on: true });
    world.do(world.push("bob", "hello", "m1"));
    assert.deepEqual([world.of("tell"), world.state.contacts.get("user:bob")?.unread], [[], 1]);
    world.do({ kind: "doNotDisturb", on: false });
    world.do(world.push("bob", "hello?", "m2"));
    assert.equal(world.of("tell").length, 1);
  });
});
