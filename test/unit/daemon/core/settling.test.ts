import assert from "node:assert/strict";
import type { Input } from "../../../../daemon/core/inputs.ts";
import type { DeliveryOutcome } from "../../../../protocol/wire/messages.ts";
import { World } from "./world.ts";

const bob = "user:bob";

function outcome(mid: string, state: DeliveryOutcome, to = "bob"): Input {
  return { kind: "outcome", to, mid, state, receipt: 7 };
}

describe("core: what became of queued messages [P-5.7]", () => {
  let world: World;

  beforeEach(() => {
    world = new World().connected();
    world.send("bob", "one");
    world.do(world.delivered("bob", "m1", "queued"));
  });

  it("makes a queued message delivered, shows it, and acknowledges what is stored", () => {
    world.do(outcome("m1", "delivered", "BOB"));
    assert.equal(world.history.message(bob, 1)?.state, "delivered");
    assert.deepEqual(
      world.changedMessages.map(({ state }) => state),
      ["delivered"],
    );
    assert.deepEqual(world.of("acknowledge"), [{ kind: "acknowledge", receipt: 7 }]);
  });

  it("counts in the step in which the message was answered, and before its answer", () => {
    world.send("bob", "two");
    world.do(world.delivered("bob", "m2", "queued"), outcome("m2", "delivered"));
    world.send("bob", "three");
    world.do(outcome("m3", "delivered"));
    world.do(world.delivered("bob", "m3", "queued"));
    assert.deepEqual(
      world.shown(bob).map(({ state }) => state),
      ["queued", "delivered", "delivered"],
    );
  });

  it("says why nobody will get it, and sends it again on Retry", () => {
    world.do(outcome("m1", "expired"));
    const { state, failure } = world.history.message(bob, 1) ?? {};
    assert.deepEqual([state, failure?.code], ["failed", "offline"]);
    assert.match(failure?.reason ?? "", /^Nobody fetched it in 30 days/);
    assert.equal(world.do({ kind: "retry", conversation: bob, mid: "m1" }).ok, true);
    world.do(world.delivered("bob", "m1", "queued"));
    world.do(outcome("m1", "removed"));
    assert.match(world.history.message(bob, 1)?.failure?.reason ?? "", /the account it was for is gone/);
  });

  it("takes nothing back from what was read or delivered, and acknowledges what it does not know", () => {
    world.do(outcome("m1", "delivered"));
    world.do(outcome("m1", "expired"));
    world.do({ kind: "read", from: "bob", upTo: "m1" });
    world.do(outcome("m1", "delivered"));
    assert.equal(world.history.message(bob, 1)?.state, "read");
    world.do(outcome("never", "removed"));
    assert.equal(world.of("acknowledge").length, 1);
  });

  it("ends what was done to a message too, and says what did not get through", () => {
    world.do({ kind: "edit", conversation: bob, target: "m1", text: "uno", mid: "a1" });
    world.do(world.delivered("bob", "a1", "queued"));
    world.do(outcome("a1", "delivered"));
    assert.equal(world.history.ownEvent("a1")?.state, "delivered");
    world.do({ kind: "edit", conversation: bob, target: "m1", text: "eins", mid: "a2" });
    world.do(world.delivered("bob", "a2", "queued"));
    world.do(outcome("a2", "removed"));
    assert.match(world.of("announce")[0]?.text ?? "", /did not get through.*is gone/);
  });

  it("waits for an open account: the server keeps it", () => {
    const nobody = new World();
    nobody.do(outcome("m1", "delivered"));
    assert.deepEqual(nobody.effects, []);
  });
});
