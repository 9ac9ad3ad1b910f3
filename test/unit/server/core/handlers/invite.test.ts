import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

const dayMs = 24 * 60 * 60 * 1_000;

describe("an invitation by a member", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;

  async function open(): Promise<void> {
    world = new MemoryWorld({ registration: "invite" });
    world.directory.invites.set("first", 2);
    await register("alice", "first");
    alice = await world.signIn("alice");
  }

  beforeEach(open);

  async function register(username: string, invite: unknown): Promise<unknown> {
    const link = world.connect();
    const answer = await world.ask(link, { type: "register", username, password: "pw", invite });
    return answer["code"] ?? answer["result"];
  }

  it("is good for one account and 7 days unless it says otherwise [P-4.16]", async () => {
    const made = await world.ask(alice, { type: "invite" });
    assert.deepEqual([made["result"], made["expires"]], ["ok", world.nowMs + 7 * dayMs]);
    const { invite } = made;
    assert.deepEqual([await register("bob", invite), await register("carol", invite)], ["ok", "bad_invite"]);
    const more = await world.ask(alice, { type: "invite", uses: 2, days: 30 });
    assert.equal(more["expires"], world.nowMs + 30 * dayMs);
    const outcomes = [await register("carol", more["invite"]), await register("dora", more["invite"])];
    assert.deepEqual([...outcomes, await register("emil", more["invite"])], ["ok", "ok", "bad_invite"]);
  });

  it("is one of 10 at most that are open, and the next is refused with what to do [P-4.16]", async () => {
    const codes: unknown[] = [];
    for (let count = 0; count < 10; count += 1) codes.push((await world.ask(alice, { type: "invite" }))["invite"]);
    assert.equal(new Set(codes).size, 10);
    const refused = await world.ask(alice, { type: "invite" });
    assert.equal(refused["code"], "rate_limited");
    assert.match(String(refused["reason"]), /10 open invitations. Wait until one is used up/);
    await register("bob", codes[0]);
    assert.equal((await world.ask(alice, { type: "invite" }))["result"], "ok");
    const bob = await world.signIn("bob");
    assert.equal((await world.ask(bob, { type: "invite" }))["result"], "ok");
  });

  it("is for no more than 100 accounts together with those that are open [P-4.16]", async () => {
    const made = await world.ask(alice, { type: "invite", uses: 99 });
    const refused = await world.ask(alice, { type: "invite", uses: 2 });
    assert.deepEqual([refused["code"], refused["retry_after"]], ["rate_limited", undefined]);
    assert.match(String(refused["reason"]), /good for 100 accounts at most, all together. Make one for fewer/);
    assert.equal((await world.ask(alice, { type: "invite", uses: 1 }))["result"], "ok");
    await register("bob", made["invite"]);
    const bob = await world.signIn("bob");
    assert.equal((await world.ask(bob, { type: "invite", uses: 100 }))["result"], "ok", "each has their own");
  });

  it("is for no more than 100 accounts in 24 hours, used or not, and the refusal says when [P-4.16]", async () => {
    await world.ask(alice, { type: "invite", uses: 98 });
    const used = [await world.ask(alice, { type: "invite" }), await world.ask(alice, { type: "invite" })];
    for (const [index, { invite }] of used.entries()) assert.equal(await register(`guest${index}`, invite), "ok");
    const refused = await world.ask(alice, { type: "invite" });
    assert.deepEqual([refused["code"], refused["retry_after"]], ["rate_limited", dayMs / 1_000]);
    assert.match(String(refused["reason"]), /100 accounts in 24 hours. Make an invitation for fewer, wait, or ask/);
  });

  it("has 1 to 100 accounts and 1 to 30 days; the refusal names the field [P-4.16, P-2.3]", async () => {
    for (const [field, wrong] of [
      ["uses", [0, 101, 1.5, "1"]],
      ["days", [0, 31, -1, true]],
    ] as const) {
      for (const value of wrong) {
        const refused = await world.ask(alice, { type: "invite", [field]: value });
        assert.equal(refused["code"], "bad_request", String(value));
        assert.match(String(refused["reason"]), new RegExp(field));
      }
    }
  });

  it("is refused where nobody needs one, nobody may come, or only the operator invites [P-4.16]", async () => {
    for (const [options, code, reason] of [
      [{ registration: "open" }, "denied", /Nobody needs an invitation here/],
      [{ registration: "closed" }, "registration_closed", /no new accounts/],
      [{ membersInvite: false }, "denied", /only whoever runs it makes invitations/],
    ] as const) {
      await open();
      Object.assign(world.core.options, options);
      const refused = await world.ask(alice, { type: "invite" });
      assert.deepEqual([refused["result"], refused["code"]], ["fail", code]);
      assert.match(String(refused["reason"]), reason);
    }
  });

  it("needs a session, and a disk [P-3.3, P-4.16]", async () => {
    assert.equal((await world.ask(world.connect(), { type: "invite" }))["code"], "not_authenticated");
    world.disk.works = false;
    assert.equal((await world.ask(alice, { type: "invite" }))["code"], "unavailable");
  });
});
