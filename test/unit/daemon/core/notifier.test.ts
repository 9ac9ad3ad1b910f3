import assert from "node:assert/strict";
import { chooseWindow, withoutWindow, withWindow } from "../../../../daemon/core/notifier.ts";
import type { Windows } from "../../../../daemon/core/notifier.ts";

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
});
