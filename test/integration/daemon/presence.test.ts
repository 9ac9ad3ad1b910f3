import assert from "node:assert/strict";
import { setPresence } from "../../../protocol/api/conversation.ts";
import { DaemonProcess } from "../../support/daemon-process.ts";
import { signedIn } from "../../support/line-client.ts";
import { startChatServer } from "../../support/server-process.ts";

describe("a status text", function () {
  this.timeout(60_000);
  after(() => DaemonProcess.disposeAll());

  it("is told to the server of the account that it was said for, and to no other", async () => {
    const [acme, other] = await Promise.all([startChatServer(), startChatServer()]);
    const daemon = await DaemonProcess.start();
    const view = await daemon.view();
    const textAt = async (port: number): Promise<unknown> => {
      const bob = await signedIn(port, "bob");
      const answer = await bob.ask({ type: "users" });
      bob.destroy();
      return (answer["users"] as { name: string; text?: string }[]).find(({ name }) => name === "alice")?.text;
    };
    await view.join(acme.port, "alice");
    await view.client.request(setPresence, { state: "away", text: "ACME layoffs meeting" });
    assert.equal(await textAt(acme.port), "ACME layoffs meeting");
    await view.join(other.port, "alice");
    await view.untilState("connected");
    assert.deepEqual([await textAt(other.port), view.ownPresence], [undefined, { state: "available" }]);
    await view.signIn(acme.port, "alice");
    await view.until("what was said there", () => view.ownPresence?.text === "ACME layoffs meeting");
    await Promise.all([acme.dispose(), other.dispose()]);
  });
});
