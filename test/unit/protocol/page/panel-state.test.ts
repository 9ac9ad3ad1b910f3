import assert from "node:assert/strict";
import { panelState, readPanelState } from "../../../../protocol/page/panel-state.ts";
import type { PanelState } from "../../../../protocol/page/panel-state.ts";

const quoted = { seq: 7, from: "alice", text: "?" };

describe("The state that a page has kept", () => {
  const whole: PanelState = {
    conversation: "user:alice",
    name: "alice",
    account: "bob",
    draft: "psst",
    dirty: true,
    handed: "ps",
    revision: 7,
    replyTo: quoted,
    editing: { mid: "a", text: "b" },
    saving: [{ mid: "c", text: "d" }],
    pending: [{ mid: "1", text: "on its way", atMs: 5, replyTo: quoted }],
    draftsByAccount: [{ account: "erin", draft: "mine", dirty: true, replyTo: quoted, pending: [] }],
    anchor: 3,
  };

  it("is read as it is", () => {
    assert.deepEqual(readPanelState(whole), whole);
    assert.deepEqual(readPanelState(JSON.parse(JSON.stringify(whole))), whole);
  });

  it("is read whole if an earlier version has kept it, under the names of that version", () => {
    const before = {
      conversation: "user:alice",
      name: "alice",
      account: "bob",
      draft: "psst",
      unkept: true,
      handed: "ps",
      revision: 7,
      answering: quoted,
      editing: { mid: "a", text: "b" },
      saving: [{ mid: "c", text: "d" }],
      pending: [{ ticket: "1", text: "on its way", atMs: 5, answering: quoted }],
      shelved: [{ account: "erin", draft: "mine", unkept: true, answering: quoted, pending: [] }],
      anchor: 3,
    };
    assert.deepEqual(readPanelState(before), whole);
    assert.deepEqual(panelState.read(readPanelState(before), ""), whole, "and kept under the new ones");
  });

  it("loses only what a newer version has kept in its own way, never the draft and the texts beside it", () => {
    const [unread] = whole.pending;
    const newer = {
      ...whole,
      editing: ["a", "b"],
      saving: { c: "d" },
      pending: [{ mid: 1 }, { ...unread, replyTo: 7 }],
      draftsByAccount: [{ account: "erin" }, ...(whole.draftsByAccount ?? [])],
      anchor: "end",
    };
    const { editing, saving, anchor, ...rest } = whole;
    assert.ok(editing && saving && anchor);
    assert.deepEqual(readPanelState(newer), { ...rest, pending: [{ mid: "1", text: "on its way", atMs: 5 }] });
  });

  it("is nothing if it is not a state of a page, or does not say whose it is", () => {
    for (const strange of [undefined, null, 1, "x", [], {}, { ...whole, account: 1 }]) {
      assert.equal(readPanelState(strange), undefined);
    }
  });
});
