import assert from "node:assert/strict";
import type { ServerLink } from "../../../../daemon/connection/server-link.ts";
import { createEffectHandlers } from "../../../../daemon/engine/effect-handlers.ts";
import { Views } from "../../../../daemon/windows/views.ts";

describe("sending a message", () => {
  it("fails at once, for the runner to note, where the history cannot read it, and sends nothing", () => {
    const performers = createEffectHandlers({
      views: new Views(),
      link: () => ({ request: () => assert.fail("it was sent") }) as unknown as ServerLink,
      direct: {
        message: () => assert.fail("it was sent"),
        ...{ signal: () => undefined, contactsChanged: () => undefined, pinOf: () => undefined },
      },
      outgoing: () => {
        throw new Error("the history holds a message that cannot be read");
      },
      occur: () => undefined,
      turnedUp: () => undefined,
    });
    const effect = {
      kind: "transmit",
      conversation: "user:bob",
      seq: 1,
      mid: "m1",
      to: "bob",
      link: undefined,
    } as const;
    assert.throws(() => performers.transmit(effect), /cannot be read/);
  });
});
