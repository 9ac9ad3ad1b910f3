import assert from "node:assert/strict";
import { failure } from "../../../../../protocol/errors.ts";
import { delivered, queued } from "../../../../../server/core/requests/answer.ts";
import type { Answer, Responder } from "../../../../../server/core/requests/answer.ts";
import { RecentMessages } from "../../../../../server/core/delivery/recent.ts";

class Asked implements Responder {
  readonly heard: Answer[] = [];
  answer(answer: Answer): void {
    this.heard.push(answer);
  }
}

describe("the latest messages", () => {
  it("are delivered once: whoever asks again hears the same, before and after it is known [P-5.4]", () => {
    const recent = new RecentMessages();
    const asked = [new Asked(), new Asked(), new Asked()] as const;
    const first = recent.once("m", asked[0]);
    assert.equal(recent.once("m", asked[1]), undefined);
    first?.answer(delivered);
    assert.equal(recent.once("m", asked[2]), undefined);
    for (const { heard } of asked) assert.deepEqual(heard, [delivered]);
  });

  it("are a new attempt after a refusal [P-5.4]", () => {
    const recent = new RecentMessages();
    const asked = new Asked();
    recent.once("m", asked)?.answer(failure("unavailable"));
    const again = recent.once("m", asked);
    again?.answer(queued);
    assert.equal(recent.once("m", asked), undefined);
    assert.deepEqual(
      asked.heard.map(({ ok }) => ok),
      [false, true, true],
    );
  });

  it("are remembered for a generation at least, also while they wait, and forgotten in the end [P-5.4]", () => {
    const recent = new RecentMessages(4);
    const asked = new Asked();
    const slow = recent.once("slow", asked);
    for (let index = 0; index < 4; index += 1) recent.once(`m${index}`, new Asked())?.answer(delivered);
    assert.equal(recent.once("slow", asked), undefined);
    slow?.answer(queued);
    assert.deepEqual(asked.heard, [queued, queued]);
    assert.equal(recent.once("slow", asked), undefined);
    for (let index = 4; index < 12; index += 1) recent.once(`m${index}`, new Asked())?.answer(delivered);
    assert.ok(recent.once("slow", asked));
  });

  it("are idle when nothing was asked between two looks", () => {
    const recent = new RecentMessages();
    recent.once("m", new Asked());
    assert.deepEqual([recent.age(), recent.age()], [false, true]);
    recent.once("m", new Asked());
    assert.equal(recent.age(), false);
  });
});
