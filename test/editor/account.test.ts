import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { TestApi } from "../../extension/ui/test-api.ts";
import { enterPlace, PromptScript, leavePlace, run, treeLabels, until, untilSession } from "./world.ts";
import type { Server } from "./world.ts";

interface Outcome {
  readonly ok: boolean;
  readonly code?: string;
  readonly account?: { user: string; server: string };
}

describe("An account", () => {
  let api: TestApi;
  let server: Server;
  const password = "correct horse";
  const questions = (given: string): Record<string, string> => ({
    Address: server.address,
    "User name": "bob",
    Password: given,
    "The same password": given,
  });

  const untilKept = async (wanted: string | undefined): Promise<void> => {
    const kept = (): Promise<string | undefined> => api.credentials.password({ server: server.address, user: "bob" });
    for (let probes = 0; (await kept()) !== wanted; probes += 1) {
      assert.ok(probes < 100, "waited in vain for the password to be kept, or not");
      await wait(50);
    }
  };

  before(async () => {
    ({ api, server } = await enterPlace());
  });
  after(() => leavePlace({ api, server }));

  it("is made from the answers to questions, and signed in", async () => {
    api.standIn(new PromptScript({ ...questions(password), Remember: "Remember" }));
    const outcome = await run<Outcome>("chatRoom.register");
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
    assert.equal(outcome.account?.user, "bob");
    await untilSession(api, "connected");
    await untilKept(password);
  });

  it("is refused if the name is taken, with what to do", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    const outcome = await run<Outcome>("chatRoom.register", { server: server.address, user: "bob", password: "other" });
    assert.equal(outcome.code, "name_taken");
    assert.match(keyboard.told.join(), /taken/);
  });

  it("is signed out of, after which the tree is empty and the password forgotten", async () => {
    assert.equal((await run<Outcome>("chatRoom.signOut")).ok, true);
    await untilSession(api, "signedOut");
    assert.deepEqual(treeLabels(api), []);
    await untilKept(undefined);
  });

  it("is not signed in to with a wrong password, which is not kept", async () => {
    const keyboard = new PromptScript(questions("wrong"));
    api.standIn(keyboard);
    const outcome = await run<Outcome>("chatRoom.signIn");
    assert.equal(outcome.code, "bad_credentials");
    assert.match(keyboard.told[0] ?? "", /password is wrong/);
    assert.equal(await api.credentials.password({ server: server.address, user: "bob" }), undefined);
  });

  it("is signed in to by questions, and keeps no password without a yes", async () => {
    const keyboard = new PromptScript(questions(password));
    api.standIn(keyboard);
    assert.equal((await run<Outcome>("chatRoom.signIn")).ok, true);
    await untilSession(api, "connected");
    await until("the question about the password", () => keyboard.told.some((text) => text.startsWith("Remember")));
    await untilKept(undefined);
    assert.deepEqual(api.credentials.last, { server: server.address, user: "bob" });
    await run("chatRoom.signOut", { confirmed: true });
    await untilSession(api, "signedOut");
  });

  it("is signed in to with arguments, without a question", async () => {
    api.standIn(new PromptScript());
    const outcome = await run<Outcome>("chatRoom.signIn", { server: server.address, user: "bob", password });
    assert.equal(outcome.account?.user, "bob");
    await untilSession(api, "connected");
  });
});
