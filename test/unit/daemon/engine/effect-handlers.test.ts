import assert from "node:assert/strict";
import type { ServerLink } from "../../../../daemon/connection/server-link.ts";
import type { Effect } from "../../../../daemon/core/effects.ts";
import type { CoreEvent } from "../../../../daemon/core/inputs.ts";
import { createEffectHandlers } from "../../../../daemon/engine/effect-handlers.ts";
import type { MessageId } from "../../../../protocol/ids.ts";
import { Views } from "../../../../daemon/windows/views.ts";

describe("sending an event", () => {
  const mid = "m1" as MessageId;
  const event = { msg: "👍", ts: 1, ref: { kind: "react", mid: "m0" as MessageId } };

  /** What was asked of the server, and what the core heard, after the answer. */
  async function sent(effect: Partial<Extract<Effect, { kind: "transmit" }>>, answer: object | undefined) {
    const asked: object[] = [];
    const heard: CoreEvent[] = [];
    const handlers = createEffectHandlers({
      views: new Views(),
      link: () => ({ request: (_: unknown, params: object) => (asked.push(params), answer) }) as unknown as ServerLink,
      direct: {
        message: () => assert.fail("there is no direct link"),
        ...{ signal: () => undefined, contactsChanged: () => undefined, pinOf: () => undefined },
      },
      occur: (one) => heard.push(one),
      turnedUp: () => undefined,
    });
    handlers.transmit({
      kind: "transmit",
      conversation: "user:bob",
      mid,
      to: "bob",
      link: undefined,
      event,
      ...effect,
    });
    await new Promise(setImmediate);
    return { asked, heard };
  }

  it("sends what the effect holds, and tells the core the answer [P-4.15]", async () => {
    const { asked, heard } = await sent({}, { ok: true, value: { delivery: "queued" } });
    assert.deepEqual(asked, [{ to: "bob", mid, ...event }]);
    const outcome = { ok: true, delivery: "queued" };
    assert.deepEqual(heard, [{ kind: "answered", conversation: "user:bob", mid, outcome }]);
  });

  it("says nothing without an answer: the end of the link is reported", async () => {
    assert.deepEqual((await sent({}, undefined)).heard, []);
  });

  it("is a failure if a broadcast reached nobody", async () => {
    const everyone = { conversation: "everyone", to: undefined } as const;
    const { asked, heard } = await sent(everyone, { ok: true, value: { delivered: 0 } });
    assert.deepEqual(asked, [{ mid, ...event }]);
    assert.equal(heard[0]?.kind === "answered" && !heard[0].outcome.ok && heard[0].outcome.code, "offline");
  });
});
