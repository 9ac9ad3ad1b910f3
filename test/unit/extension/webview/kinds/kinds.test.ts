import assert from "node:assert/strict";
import { pageKinds, toolbarActions } from "../../../../../extension/webview/kinds/kinds.ts";
import { messageActions } from "../../../../../protocol/page/page-messages.ts";

describe("The kinds of events on the page", () => {
  it("have every action of the menu of a message, each once, in its order", () => {
    assert.deepEqual([...toolbarActions.keys()], [...messageActions]);
    const names = pageKinds.flatMap(({ actions }) => Object.keys(actions ?? {}));
    assert.deepEqual(names.sort(), [...messageActions].sort());
  });
});
