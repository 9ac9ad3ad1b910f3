import assert from "node:assert/strict";
import { enterPlace, PromptScript, leavePlace, run, until, untilSession } from "./world.ts";
import type { Server } from "./world.ts";
import type { TestApi } from "../../extension/ui/test-api.ts";

interface Outcome {
  readonly ok: boolean;
  readonly code?: string;
}

describe("A server's key", () => {
  let api: TestApi;
  let server: Server;
  const person = { user: "kim", password: "correct horse" };

  before(async () => {
    ({ api, server } = await enterPlace());
  });
  after(() => leavePlace({ api, server }));

  it("that is not the one of the address stops the sign-in, with what to do", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    const named = { ...person, server: `chat://${server.address}#${"A".repeat(43)}` };
    assert.deepEqual((await run<Outcome>("chatRoom.register", named)).code, "denied");
    assert.match(keyboard.told.join(), /another key than its address names.*Nothing was sent/);
  });

  it("is trusted at once on this machine", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    const outcome = await run<Outcome>("chatRoom.register", { ...person, server: server.address });
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
    await untilSession(api, "connected");
    assert.ok(!keyboard.told.some((told) => told.includes("Trust")));
  });

  it("that changed is shown beside the old one, and taken only by Trust Server", async () => {
    await server.changeKey();
    await run("chatRoom.reconnect");
    await until("the distrust", () => {
      const { session } = api.store;
      return session?.state === "unreachable" && session.distrust !== undefined;
    });
    const doubtful = new PromptScript();
    api.standIn(doubtful);
    assert.equal((await run<Outcome>("chatRoom.signIn", { ...person, server: server.address })).code, "denied");
    assert.equal((await run<Outcome>("chatRoom.trustServer")).ok, false);
    assert.match(
      doubtful.told.join("\n"),
      /Trust the key that .* shows now\? Expected: (\S{4} ){10}\S{3}\s+Shown: \S{4} /,
    );
    const sure = new PromptScript({ "Trust the key": "Trust" });
    api.standIn(sure);
    assert.equal((await run<Outcome>("chatRoom.trustServer")).ok, true);
    await untilSession(api, "connected");
  });
});
