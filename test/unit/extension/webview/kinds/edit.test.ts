import assert from "node:assert/strict";
import { saved, saving, unsaved } from "../../../../../extension/webview/kinds/edit.ts";

describe("A change of an old message", () => {
  const [first, second] = [
    { mid: "1", text: "one" },
    { mid: "2", text: "two" },
  ];
  const none = (): boolean => false;

  it("is on its way until it is stored, one of each message", () => {
    assert.deepEqual(saving({ editing: first }, first), { editing: undefined, saving: [first] });
    const again = { mid: "1", text: "again" };
    assert.deepEqual(saving({ editing: again, saving: [first, second] }, again).saving, [second, again]);
    assert.deepEqual(saved({ saving: [first, second] }, "1"), { saving: [second] });
  });

  it("comes back one at a time, as soon as nothing else is changed, unless it is still on its way", () => {
    assert.deepEqual(unsaved({ saving: [first, second] }, none), { editing: first, saving: [second] });
    assert.deepEqual(
      unsaved({ saving: [first, second] }, (mid) => mid === "1"),
      { editing: second, saving: [first] },
    );
    assert.deepEqual(unsaved({ editing: second, saving: [first] }, none), {});
    assert.deepEqual(unsaved({}, none), {});
  });
});
