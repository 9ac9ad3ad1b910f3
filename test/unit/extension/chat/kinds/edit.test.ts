import assert from "node:assert/strict";
import { sessionChanged } from "../../../../../protocol/api/notifications.ts";
import { editMessage } from "../../../../../protocol/conversations/kinds/edit.ts";
import { failure } from "../../../../../protocol/errors.ts";
import { erin } from "../../stand-ins.ts";
import { account, opened, token } from "../conversation-stand-in.ts";

describe("A conversation whose page changes the text of a message", () => {
  it("says what became of a change, and gives the text of one that is refused back, with the reason", async () => {
    const { conversation, daemon, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.answer(editMessage, () => ({ ok: true }));
    await conversation.take({ kind: "edit", token, account, mid: "mid-1", text: "longer" });
    assert.deepEqual(last("edited"), { kind: "edited", account, mid: "mid-1", text: "longer" });
    daemon.answer(editMessage, () => failure("too_large", "Too long."));
    await conversation.take({ kind: "edit", token, account, mid: "mid-1", text: "longer" });
    assert.deepEqual([last("edited").refused, last("edited").transient], ["Too long.", false]);
    daemon.answer(editMessage, () => failure("unavailable"));
    await conversation.take({ kind: "edit", token, account, mid: "mid-1", text: "longer" });
    assert.equal(last("edited").transient, true);
  });

  it("asks for no change of an account that has left", async () => {
    const { conversation, daemon, kinds } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    await conversation.take({ kind: "edit", token, account: "another", mid: "mid-1", text: "longer" });
    assert.deepEqual([daemon.askedFor(editMessage.method), kinds().includes("edited")], [[], false]);
  });

  it("keeps the text of a refused change for the panel that was hidden meanwhile, not for another account", async () => {
    for (const isLeft of [false, true]) {
      const { conversation, daemon, posted } = await opened();
      const { promise, resolve } = Promise.withResolvers<undefined>();
      daemon.answer(editMessage, async () => {
        await promise;
        return failure("too_large");
      });
      await conversation.take({ kind: "ready", token, pending: [] });
      const edited = conversation.take({ kind: "edit", token, account, mid: "mid-1", text: "longer" });
      conversation.webviewGone();
      if (isLeft) daemon.tell(sessionChanged, { session: erin });
      resolve(undefined);
      await edited;
      await conversation.take({ kind: "ready", token, pending: [] });
      const told = posted.filter((each) => each.kind === "edited").map((each) => each.text);
      assert.deepEqual(told, isLeft ? [] : ["longer"]);
    }
  });
});
