// Tests of the judges themselves: what a server may do without a violation, and what it may not.

import assert from "node:assert/strict";
import { messagesChanged } from "../../../protocol/api/notifications.ts";
import { Bench } from "./bench.ts";
import { BlockJudge } from "./judges/blocks.ts";
import { PushJudge } from "./judges/pushes.ts";
import { RefusalJudge } from "./judges/refusals.ts";
import { SessionJudge } from "./judges/sessions.ts";
import { Connection } from "./line.ts";
import type { Judge, Push, Request } from "./line.ts";
import { Scheduler } from "./scheduler.ts";
import { Screen } from "./screen.ts";

describe("a judge of the simulation", () => {
  let scheduler: Scheduler;
  let bench: Bench;
  let lines: number;
  beforeEach(() => {
    scheduler = new Scheduler();
    bench = new Bench(scheduler);
    lines = 0;
  });

  const line = (user?: string): Connection => {
    const made = new Connection(`c${(lines += 1)}`, { address: "10.0.0.1", secure: false, peerKey: undefined });
    made.user = user;
    return made;
  };
  const ask = (judge: Judge, on: Connection, type: string, fields: object = {}): Request => {
    const request = { type, id: undefined, body: { type, ...fields }, atMs: bench.nowMs, user: on.user };
    judge.request?.(on, request);
    return request;
  };
  const answerOk = (judge: Judge, on: Connection, request: Request, fields: object = {}): void =>
    judge.answered?.(on, request, { result: "ok", ...fields });
  const signIn = (judge: Judge, token: string): Connection => {
    const on = line();
    const request = ask(judge, on, "auth", { username: "ann", password: "pw" });
    on.user = "ann";
    answerOk(judge, on, request, { username: "ann", token });
    return on;
  };
  const use = (judge: Judge, token: string): void => answerOk(judge, line(), ask(judge, line(), "message", { token }));

  describe("of sessions", () => {
    it("lets a later login go on whose token came before the answer to a logout [P-2.2] [P-4.7]", () => {
      const judge = new SessionJudge(bench);
      const first = signIn(judge, "t1");
      const logout = ask(judge, first, "logout");
      signIn(judge, "t2");
      answerOk(judge, first, logout);
      use(judge, "t2");
      assert.deepEqual(bench.violations, []);
    });

    it("wants the token of the session that logged out to have ended then too [P-3.4] [P-4.7]", () => {
      const judge = new SessionJudge(bench);
      const first = signIn(judge, "t1");
      const logout = ask(judge, first, "logout");
      signIn(judge, "t2");
      answerOk(judge, first, logout);
      use(judge, "t1");
      assert.match(bench.violations.join(), /a token of ann that has ended was accepted for message/);
    });

    it("wants the token to have ended after a logout, also while another login is under way [P-4.7]", () => {
      const judge = new SessionJudge(bench);
      const first = signIn(judge, "t1");
      ask(judge, line(), "auth", { username: "ann", password: "pw" });
      answerOk(judge, first, ask(judge, first, "logout"));
      use(judge, "t1");
      assert.match(bench.violations.join(), /a token of ann that has ended was accepted for message/);
    });
  });

  describe("of blocks", () => {
    const at = async (atMs: number): Promise<void> => scheduler.run(atMs);

    it("does not count a block whose answer waited while it was taken back [P-2.2] [P-4.6]", async () => {
      const judge = new BlockJudge(bench);
      const ann = line("ann");
      const block = ask(judge, ann, "block", { target: "bob" });
      await at(1_000);
      answerOk(judge, ann, ask(judge, ann, "unblock", { target: "bob" }));
      await at(29_000);
      answerOk(judge, ann, block);
      assert.deepEqual([...judge.certain], []);
    });

    it("counts a block that was asked for long after the last unblock, and sees what comes through it [P-4.5]", async () => {
      const judge = new BlockJudge(bench);
      const [ann, bob] = [line("ann"), line("bob")];
      answerOk(judge, ann, ask(judge, ann, "unblock", { target: "bob" }));
      await at(20_000);
      answerOk(judge, ann, ask(judge, ann, "block", { target: "bob" }));
      const msg = bench.write("bob1", "bob", "ann", 0);
      ask(judge, bob, "message", { to: "ann", msg });
      judge.shown("ann", msg);
      assert.match(bench.violations.join(), /ann is shown .* of somebody they block/);
    });
  });

  describe("of pushes", () => {
    const push = (mid: string): Push => ({
      type: "message",
      body: { type: "message", from: "bob", to: "ann", mid, msg: mid },
      atMs: bench.nowMs,
    });
    const acking = (): Connection => {
      const on = line("ann");
      on.auth = { acks: true };
      return on;
    };
    const sent = (judge: PushJudge, mid: string): Request =>
      ask(judge, line("bob"), "message", { to: "ann", mid, msg: mid });

    it("blames a server that pushes a message twice on one link, and not on two [P-5.2]", () => {
      const judge = new PushJudge(bench);
      const [first, second] = [acking(), acking()];
      sent(judge, "m1");
      judge.pushed(first, push("m1"));
      judge.pushed(second, push("m1"));
      assert.deepEqual(bench.violations, []);
      judge.pushed(second, push("m1"));
      assert.match(bench.violations.join(), /bob m1 twice on one link/);
    });

    it("lets it push again what was refused, and what was sent again after it failed [P-5.6]", () => {
      const judge = new PushJudge(bench);
      const on = acking();
      sent(judge, "m1");
      judge.pushed(on, push("m1"));
      judge.pushAnswered(on, push("m1"), { result: "no", code: "unavailable" });
      judge.pushed(on, push("m1"));
      judge.answered(line("bob"), sent(judge, "m2"), { result: "no", code: "unavailable" });
      for (let times = 0; times < 2; times += 1) judge.pushed(on, push("m2"));
      assert.deepEqual(bench.violations, []);
    });

    it("wants what was acknowledged on one link on no other, but of a server that was started since [P-5.2]", () => {
      const judge = new PushJudge(bench);
      const on = acking();
      sent(judge, "m1");
      judge.pushed(on, push("m1"));
      judge.pushAnswered(on, push("m1"), { result: "ok" });
      judge.closed(on);
      judge.pushed(acking(), push("m1"));
      assert.match(bench.violations.join(), /bob m1 again, which was acknowledged/);
      judge.serverGone();
      judge.pushed(acking(), push("m1"));
      assert.equal(bench.violations.length, 1);
    });
  });

  describe("of refusals", () => {
    it("blames a server that tells of one that nobody made [P-5.6]", () => {
      const judge = new RefusalJudge(bench);
      const on = line("ann");
      const body = { type: "message", msg: "m1 " };
      const refused = { result: "no", code: "refused" };
      judge.pushAnswered(on, { type: "message", body, atMs: 0 }, refused);
      judge.answered(line("bob"), { ...ask(judge, line("bob"), "message"), body }, refused);
      assert.deepEqual([judge.wasRefused("m1 "), bench.violations], [true, []]);
      judge.answered(line("bob"), ask(judge, line("bob"), "message", { msg: "m2 " }), refused);
      assert.match(bench.violations.join(), /is told that m2 was refused/);
    });
  });

  describe("of what a person sees", () => {
    const shows = (screen: Screen, seq: number, text: string): void => {
      const message = { conversation: "user:bob", seq, mid: text, from: "bob", own: false, text, sentAtMs: 0 };
      screen.view(() => true).notify(messagesChanged.method, { messages: [{ ...message, state: "received" }] });
    };
    const screen = (): Screen => new Screen("ann1", "ann", bench, new BlockJudge(bench));
    const written = (): string => bench.write("bob1", "bob", "ann", 0);

    it("takes what was stored before a crash, and is shown only after it, for in order by its position [P-5.6]", () => {
      const [judge, first, second] = [screen(), written(), written()];
      shows(judge, 2, second);
      shows(judge, 1, first);
      assert.deepEqual(bench.violations, []);
    });

    it("blames what stands before an earlier message, in whichever order they are shown [P-5.6]", () => {
      const [judge, first, second] = [screen(), written(), written()];
      shows(judge, 1, second);
      shows(judge, 2, first);
      assert.match(bench.violations.join(), /bob1>ann#1 out of order/);
      const [other, third, fourth] = [screen(), written(), written()];
      shows(other, 2, third);
      shows(other, 1, fourth);
      assert.match(bench.violations.join(), /bob1>ann#4 out of order/);
    });
  });
});
