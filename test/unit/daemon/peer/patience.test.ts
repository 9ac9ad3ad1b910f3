import assert from "node:assert/strict";
import type { QuestionAnswer } from "../../../../protocol/editor/direct.ts";
import { Patience } from "../../../../daemon/peer/patience.ts";
import { Questions } from "../../../../daemon/peer/questions.ts";
import { FakeClock } from "../fake-clock.ts";

const minuteMs = 60_000;

describe("the questions of whoever was refused", () => {
  let clock: FakeClock;
  let questions: Questions;
  beforeEach(() => {
    clock = new FakeClock();
    questions = new Questions(clock, () => undefined);
  });

  /** @returns whether the person was asked */
  const asks = async (user: string, word: QuestionAnswer | undefined, vouched = true): Promise<boolean> => {
    const answered = questions.ask({ user, vouched, keyChanged: false });
    const [question] = questions.list();
    if (question && word) questions.answer(question.id, word);
    if (question && !word) clock.advance(30_000);
    await answered;
    return question !== undefined;
  };

  it("wait after each no, longer each time, and are refused meanwhile without disturbing anybody", async () => {
    for (const pauseMs of [1, 2, 4, 8, 16, 32, 60, 60].map((minutes) => minutes * minuteMs)) {
      assert.equal(await asks("eve", "deny"), true);
      clock.advance(pauseMs - 1);
      assert.equal(await asks("EVE", "deny"), false);
      clock.advance(1);
    }
  });

  it("keep nobody else from asking", async () => {
    await asks("eve", "deny");
    assert.equal(await asks("bob", "deny"), true);
    assert.equal(await asks("eve", "deny", false), true);
  });

  it("of anybody on this machine wait together, whatever name is given", async () => {
    assert.equal(await asks("eve", "deny", false), true);
    for (let name = 0; name < 100; name += 1) assert.equal(await asks(`eve${name}`, "deny", false), false);
  });

  it("do not wait after a yes, or where the person was away and said nothing", async () => {
    assert.equal(await asks("bob", undefined), true);
    assert.equal(await asks("bob", "once"), true);
    assert.equal(await asks("bob", "deny"), true);
    clock.advance(minuteMs);
    assert.equal(await asks("bob", "once"), true);
    assert.equal(await asks("bob", "deny"), true);
    clock.advance(minuteMs);
    assert.equal(await asks("bob", "once"), true);
  });

  it("are heard at once where the person asks them, and begin anew after a day", async () => {
    await asks("eve", "deny");
    questions.agreeTo("eve");
    assert.equal(await asks("eve", "deny"), true);
    clock.advance(25 * 60 * minuteMs);
    assert.equal(await asks("eve", "deny"), true);
    clock.advance(minuteMs);
    assert.equal(await asks("eve", "deny"), true);
  });

  it("are remembered of a bounded number, the latest", () => {
    const patience = new Patience(clock);
    for (let source = 0; source < 1_000; source += 1) patience.refused(`source ${source}`);
    const remembered = Array.from({ length: 1_000 }, (_, source) => patience.isOver(`source ${source}`));
    assert.equal(remembered.filter(Boolean).length, 256);
    assert.equal(remembered.at(-1), true);
  });
});
