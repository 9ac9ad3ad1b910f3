import assert from "node:assert/strict";
import { PromptRouter } from "../../../../daemon/windows/prompt-router.ts";
import { withoutWindow, withWindow } from "../../../../daemon/core/notification-policy.ts";
import type { Windows } from "../../../../daemon/core/notification-policy.ts";
import { Views } from "../../../../daemon/windows/views.ts";
import type { ConsentRequest } from "../../../../protocol/api/direct.ts";

const questionOf = (user: string): ConsentRequest => {
  return { id: `of ${user}`, user, vouched: true, keyChanged: false, expiresAtMs: 30_000 };
};

describe("the window that asks the person", () => {
  let windows: Windows;
  let undisturbed: boolean;
  let waiting: ConsentRequest[];
  let prompts: PromptRouter;
  /** The people about whom each of two views was last told to ask. */
  let asks: Map<number, string[]>;
  let toldTimes: number;

  beforeEach(() => {
    windows = new Map();
    waiting = [];
    asks = new Map();
    [undisturbed, toldTimes] = [false, 0];
    const views = new Views();
    for (const id of [1, 2]) {
      const notify = (_: string, params: object): void => {
        const { questions } = params as { questions: ConsentRequest[] };
        assert.equal(questions.length, waiting.length);
        toldTimes += 1;
        asks.set(
          id,
          questions.filter(({ ask }) => ask === true).map(({ user }) => user),
        );
      };
      views.add({ id, notify, dispose: () => undefined });
    }
    prompts = new PromptRouter({
      views,
      questions: () => waiting,
      state: () => ({ windows, doNotDisturb: undisturbed }),
    });
  });

  const show = (id: number, focused: boolean): void => {
    windows = withWindow(windows, id, { focused, visible: [], tells: true });
    prompts.windowsChanged();
  };
  const wait = (...users: string[]): void => {
    waiting = users.map(questionOf);
    prompts.questionsChanged();
  };

  it("is the one in front, and only that one, though all are told who waits", () => {
    show(1, false);
    show(2, true);
    wait("alice");
    assert.deepEqual([asks.get(1), asks.get(2)], [[], ["alice"]]);
    assert.deepEqual(
      prompts.toldTo(1).map(({ ask }) => ask),
      [undefined],
    );
  });

  it("stays the one in which the question can be seen, whatever gets the focus meanwhile", () => {
    show(1, true);
    wait("alice");
    show(1, false);
    show(2, true);
    assert.deepEqual(asks.get(1), ["alice"]);
    assert.equal(toldTimes, 2);
    wait("alice", "zoe");
    assert.deepEqual([asks.get(1), asks.get(2)], [["alice"], ["zoe"]]);
  });

  it("is the next one when it goes while the question waits", () => {
    show(2, false);
    show(1, true);
    wait("alice");
    windows = withoutWindow(windows, 1);
    prompts.windowsChanged();
    assert.deepEqual([asks.get(1), asks.get(2)], [[], ["alice"]]);
  });

  it("is the first one to come where there was none", () => {
    wait("alice");
    assert.deepEqual([asks.get(1), asks.get(2)], [[], []]);
    show(2, false);
    assert.deepEqual(asks.get(2), ["alice"]);
  });

  it("is none while the person does not want to be disturbed", () => {
    undisturbed = true;
    show(1, true);
    wait("alice");
    assert.deepEqual(asks.get(1), []);
    undisturbed = false;
    prompts.windowsChanged();
    assert.deepEqual(asks.get(1), ["alice"]);
  });
});
