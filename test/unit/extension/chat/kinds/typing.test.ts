import assert from "node:assert/strict";
import { personTyping } from "../../../../../protocol/conversations/kinds/typing.ts";
import { opened, token } from "../conversation-stand-in.ts";

describe("A conversation in which somebody is writing", () => {
  it("passes on who is writing, for this conversation only", async () => {
    const { conversation, daemon, kinds } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.tell(personTyping, { conversation: "user:zoe" });
    assert.ok(!kinds().includes("typing"));
    daemon.tell(personTyping, { conversation: "user:alice" });
    assert.ok(kinds().includes("typing"));
  });
});
