import assert from "node:assert/strict";
import { isStored, ownedBy, refused, sending, stored } from "../../../../extension/webview/unsent.ts";
import { texts } from "../../../../extension/webview/texts.ts";
import { isRefused, rowsOf } from "../../../../extension/webview/timeline.ts";
import { maxPending } from "../../../../protocol/page/panel-state.ts";
import { message } from "../stand-ins.ts";

const noon = new Date(2026, 5, 1, 12).getTime();
const at = (minutes: number): { sentAtMs: number } => ({ sentAtMs: noon + minutes * 60_000 });

describe("The timeline", () => {
  const shape = (rows: ReturnType<typeof rowsOf>): string[] =>
    rows.map((row) => (row.kind === "message" ? `${row.headed ? "+" : "-"}${row.message.seq}` : row.kind));

  it("groups what one author says within a few minutes", () => {
    const messages = [message(1, at(0)), message(2, at(1)), message(3, { ...at(2), own: true }), message(4, at(3))];
    assert.deepEqual(shape(rowsOf(messages, undefined)), ["day", "+1", "-2", "+3", "+4"]);
  });

  it("starts a new group after a silence, on a new day and at the first new message", () => {
    const messages = [message(1, at(0)), message(2, at(10)), message(3, at(11)), message(4, at(24 * 60))];
    assert.deepEqual(shape(rowsOf(messages, 3)), ["day", "+1", "+2", "new", "+3", "day", "+4"]);
  });

  it("says author and time again after five minutes, also when nobody was silent that long", () => {
    const messages = [0, 2, 4, 6, 8, 11].map((minutes, index) => message(index + 1, at(minutes)));
    assert.deepEqual(shape(rowsOf(messages, undefined)), ["day", "+1", "-2", "-3", "+4", "-5", "+6"]);
  });

  it("says author and time again where the clock went back", () => {
    const messages = [message(1, at(2)), message(2, at(1)), message(3, at(2))];
    assert.deepEqual(shape(rowsOf(messages, undefined)), ["day", "+1", "+2", "-3"]);
  });

  it("tells what became of one's newest message, and of every one that is not settled", () => {
    const messages = [
      message(1, { own: true }),
      message(2, { own: true, state: "queued" }),
      message(3, { own: true, state: "failed" }),
      message(4, { own: true, state: "read" }),
      message(5),
    ];
    const telling = rowsOf(messages, undefined).filter((row) => row.kind === "message" && row.telling);
    assert.deepEqual(
      telling.map((row) => row.key),
      ["message-2", "message-3", "message-4"],
    );
  });
});

describe("The words of the panel", () => {
  const bob = { everyone: false, name: "bob", presence: "offline", refuses: false } as const;
  const refusal = { code: "blocked", reason: "bob does not take messages from you." } as const;

  it("promise no delivery to somebody who takes nothing", () => {
    const failed = message(1, { own: true, state: "failed", failure: refusal });
    assert.equal(isRefused([failed, message(2)]), true);
    assert.equal(isRefused([failed, message(2, { own: true })]), false);
    assert.equal(isRefused([]), false);
    assert.match(texts.placeholder(bob), /back online/);
    assert.equal(texts.placeholder({ ...bob, refuses: true }), "Message bob");
  });

  it("call nobody offline of whom nobody can say so", () => {
    const unsure = { ...bob, unsure: true };
    const queued = message(1, { own: true, state: "queued" });
    assert.deepEqual([texts.placeholder(unsure), texts.state(queued, unsure)], ["Message bob", "Queued"]);
    assert.equal(texts.state(queued, bob), "Queued — bob is offline");
  });

  it("call a broadcast sent, not delivered", () => {
    const delivered = message(1, { own: true, state: "delivered" });
    assert.equal(texts.state(delivered, bob), "Delivered");
    assert.equal(texts.state(delivered, { ...bob, everyone: true }), "Sent");
  });
});

describe("A draft", () => {
  const empty = { draft: "", pending: [] };

  it("is on its way until it is stored", () => {
    const state = sending({ ...empty, draft: "hello" }, "1", noon);
    assert.deepEqual(state, { draft: "", pending: [{ mid: "1", text: "hello", atMs: noon }] });
    assert.ok(state);
    assert.deepEqual(stored(state, "1"), empty);
  });

  it("is not sent while it is blank", () => {
    assert.equal(sending({ ...empty, draft: " \n" }, "1", noon), undefined);
  });

  it("is not sent while the state has no room for it, because it would be lost if it was refused", () => {
    const pending = Array.from({ length: maxPending }, (_, index) => ({ mid: `${index}`, text: "x", atMs: noon }));
    assert.equal(sending({ draft: "hello", pending }, "last", noon), undefined);
    assert.ok(sending({ draft: "hello", pending: pending.slice(1) }, "last", noon));
  });

  it("comes back in front of what was written since, when it was refused", () => {
    const state = { draft: "more", pending: [{ mid: "1", text: "hello", atMs: noon }] };
    assert.deepEqual(refused(state, "1"), { draft: "hello\nmore", pending: [] });
    assert.deepEqual(refused({ ...state, draft: "" }, "1"), { draft: "hello", pending: [] });
    assert.equal(refused(state, "2"), state);
  });

  it("comes back as the answer that it was, unless another message is being answered by then", () => {
    const replyTo = { seq: 7, from: "alice", text: "?" };
    const pending = sending({ ...empty, draft: "yes", replyTo }, "1", noon)?.pending ?? [];
    assert.deepEqual(refused({ draft: "", pending }, "1"), { draft: "yes", pending: [], replyTo });
    const other = { ...replyTo, seq: 8 };
    assert.deepEqual(refused({ draft: "", pending, replyTo: other }, "1").replyTo, other);
  });

  it("counts as stored if the history has its id", () => {
    const own = message(1, { own: true, text: "hello" });
    assert.equal(isStored(own.mid, [own]), true);
    assert.equal(isStored("another", [own]), false);
    assert.equal(isStored(own.mid, [{ ...own, own: false }]), false);
  });

  /** As it is kept: a field that is undefined is none. */
  const kept = (state: object): unknown => JSON.parse(JSON.stringify(state));

  it("belongs to one account: another one neither sees nor sends it, and finds its own again", () => {
    const pending = [{ mid: "1", text: "on its way", atMs: noon }];
    const written = ownedBy({ draft: "psst", pending }, "bob");
    assert.deepEqual(kept(written), { account: "bob", draft: "psst", pending, draftsByAccount: [] });
    assert.deepEqual(ownedBy(written, "bob"), written);
    const erin = ownedBy(written, "erin");
    assert.deepEqual(kept(erin), {
      account: "erin",
      ...empty,
      draftsByAccount: [{ account: "bob", draft: "psst", pending }],
    });
    const back = ownedBy({ ...erin, draft: "mine" }, "bob");
    assert.deepEqual(kept(back), {
      ...(kept(written) as object),
      draftsByAccount: [{ account: "erin", draft: "mine", pending: [] }],
    });
  });

  it("comes back whole: what is not kept yet, what it answers, what is being changed and what is on its way", () => {
    const written = {
      ...{ draft: "psst", dirty: true, handed: "ps", revision: 7, replyTo: { seq: 7, from: "alice", text: "?" } },
      ...{ editing: { mid: "a", text: "b" }, saving: [{ mid: "c", text: "d" }], pending: [] },
    };
    const bob = ownedBy({ ...written, account: "bob" }, "bob");
    const erin = ownedBy(bob, "erin");
    assert.deepEqual(
      { ...(kept(erin) as object), draftsByAccount: [] },
      { account: "erin", ...empty, draftsByAccount: [] },
    );
    assert.deepEqual(kept(ownedBy(erin, "bob")), { account: "bob", ...written, draftsByAccount: [] });
    for (const part of [{ editing: written.editing }, { replyTo: written.replyTo }, { saving: written.saving }]) {
      const alone = ownedBy(ownedBy({ ...empty, ...part, account: "bob" }, "erin"), "bob");
      assert.deepEqual(kept(alone), { account: "bob", ...empty, ...part, draftsByAccount: [] });
    }
  });

  it("is kept for a bounded number of accounts", () => {
    let state = ownedBy({ draft: "0", pending: [] }, "0");
    for (let each = 1; each < 40; each += 1) state = { ...ownedBy(state, String(each)), draft: String(each) };
    assert.equal(state.draftsByAccount?.length, 16);
    assert.equal(state.draftsByAccount.at(-1)?.account, "38");
  });
});
