import assert from "node:assert/strict";
import { messagesChanged } from "../../../../../protocol/api/notifications.ts";
import { deleteMessage } from "../../../../../protocol/conversations/kinds/deletion.ts";
import { message } from "../../stand-ins.ts";
import { opened, token } from "../conversation-stand-in.ts";

describe("A conversation whose page deletes a message", () => {
  it("takes back an own message only with the person's word, and never another's", async () => {
    for (const sure of [false, true]) {
      const { conversation, daemon, all } = await opened({ sure });
      all.push(message(4, { own: true }));
      daemon.tell(messagesChanged, { messages: all.slice(-1) });
      daemon.answer(deleteMessage, () => ({ ok: true }));
      await conversation.take({ kind: "ready", token, pending: [] });
      await conversation.take({ kind: "delete", token, mid: "mid-4" });
      await conversation.take({ kind: "delete", token, mid: "mid-3" });
      const asked = sure ? [{ conversation: "user:alice", mid: "mid-4" }] : [];
      assert.deepEqual(daemon.askedFor(deleteMessage.method), asked);
    }
  });
});
