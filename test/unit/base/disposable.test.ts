import assert from "node:assert/strict";
import { DisposableList } from "../../../base/disposable.ts";

describe("a list of things to give back", () => {
  it("gives them back once, the newest first", () => {
    const order: string[] = [];
    const list = new DisposableList();
    for (const name of ["socket", "timer"]) list.add({ dispose: () => order.push(name) });
    list.dispose();
    list.dispose();
    assert.deepEqual(order, ["timer", "socket"]);
    assert.equal(list.disposed, true);
  });

  it("gives back at once what comes after the end", () => {
    const list = new DisposableList();
    list.dispose();
    let given = 0;
    list.add({ dispose: () => (given += 1) });
    assert.equal(given, 1);
  });
});
