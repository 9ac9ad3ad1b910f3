import assert from "node:assert/strict";
import { selectedRow } from "../../../../extension/contacts/row-click.ts";
import { Emitter } from "../../../../extension/ui/signal.ts";

const nextTurn = (): Promise<unknown> => new Promise((resolve) => setTimeout(() => resolve(undefined), 0));

describe("A click on a row of Contacts", () => {
  it("is about the one row that is selected, and about none of several", async () => {
    const drawn = new Emitter<undefined>();
    assert.equal(await selectedRow({ selection: ["alice"] }, drawn), "alice");
    assert.equal(await selectedRow({ selection: ["alice", "bob"] }, drawn), undefined);
  });

  it("while the tree is read anew is about the row that is selected once it was read", async () => {
    const drawn = new Emitter<undefined>();
    const view = { selection: [] as string[] };
    const clicked = selectedRow(view, drawn);
    drawn.fire(undefined);
    await nextTurn();
    // VS Code knows a row only after it was given it.
    drawn.fire(undefined);
    view.selection = ["alice"];
    assert.equal(await clicked, "alice");
  });

  it("is about nothing where nothing is selected", async () => {
    const selection: string[] = [];
    assert.equal(await selectedRow({ selection }, new Emitter(), 0), undefined);
  });
});
