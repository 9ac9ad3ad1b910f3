import assert from "node:assert/strict";
import fc from "fast-check";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

const auth = (username: string, added: object = {}) => ({
  type: "auth",
  username,
  password: "pw",
  id: "auth",
  ...added,
});

describe("sessions", () => {
  let world: MemoryWorld;

  beforeEach(() => {
    world = new MemoryWorld();
  });

  async function online(asker: MemoryLink): Promise<string[]> {
    return Object.keys(await world.ask(asker, { type: "online" })).sort();
  }

  it("answers auth with a token, the seconds of silence, the server and the name as registered [P-4.1]", async () => {
    await world.join("Alice");
    const link = world.connect();
    link.request(auth("ALICE", { id: 1 }));
    await world.settle();
    const { token, ...rest } = link.answer(1);
    assert.equal(typeof token, "string");
    const server = { name: "chat-room", version: "0.0.0" };
    assert.deepEqual(rest, { id: 1, result: "ok", alive: 60, server, username: "Alice", account: "account-1" });
  });

  it("refuses an unknown name and a wrong password alike [P-4.1]", async () => {
    await world.join("alice");
    const link = world.connect();
    link.request({ type: "auth", username: "alice", password: "wrong", id: 1 });
    link.request({ type: "auth", username: "nobody", password: "wrong", id: 2 });
    await world.settle();
    const expected = { result: "fail", code: "bad_credentials" };
    const { id: first, ...wrong } = link.answer(1);
    const { id: second, ...unknown } = link.answer(2);
    assert.deepEqual([first, second], [1, 2]);
    assert.deepEqual(wrong, unknown);
    assert.deepEqual({ result: wrong["result"], code: wrong["code"] }, expected);
  });

  it("kills the earlier session at a login elsewhere and closes its connection [P-4.1, P-6.4]", async () => {
    const first = await world.join("alice", { device: "laptop" });
    const second = await world.signIn("alice", { device: "desktop" });
    const [kill] = first.ofType("kill");
    assert.equal(kill?.["reason"], "you have logged in at another place.");
    assert.equal(first.closed, true);
    assert.equal(second.answer("auth")["result"], "ok");
  });

  it("lets the same device take its session over silently, with its presence [P-4.1]", async () => {
    const watcher = await world.join("watcher", { presence: true });
    const first = await world.join("alice", { device: "laptop" });
    first.request({ type: "presence", state: "dnd", text: "busy" });
    await world.settle();
    watcher.lines.length = 0;
    await world.signIn("alice", { device: "laptop" });
    assert.deepEqual(first.ofType("kill"), []);
    assert.equal(first.closed, true);
    assert.deepEqual(watcher.lines, []);
    assert.deepEqual((await world.ask(watcher, { type: "users" }))["users"], [
      { name: "alice", account: "account-2", state: "dnd", text: "busy" },
    ]);
  });

  it("tells a client with acks, and no other, that its own device has the session on another link [P-6.11]", async () => {
    for (const [name, acks] of [
      ["alice", true],
      ["dave", false],
    ] as const) {
      const first = await world.join(name, { device: "laptop", acks });
      await world.signIn(name, { device: "laptop", acks });
      assert.equal(first.ofType("taken").length, acks ? 1 : 0);
      assert.equal(first.closed, true);
    }
    const elsewhere = await world.join("bob", { device: "laptop", acks: true });
    await world.signIn("bob", { device: "desktop", acks: true });
    assert.deepEqual([elsewhere.ofType("taken"), elsewhere.ofType("kill").length], [[], 1]);
    const again = await world.join("carol", { device: "laptop", acks: true });
    again.request({ type: "auth", token: again.token, device: "laptop", acks: true });
    await world.settle();
    assert.deepEqual([again.ofType("taken"), again.closed], [[], false]);
  });

  it("takes a session over by token, also after the server was started again [P-4.1, P-3.4]", async () => {
    const first = await world.join("alice", { device: "laptop" });
    world.restart();
    const link = world.connect();
    link.request({ type: "auth", token: first.token, device: "laptop", id: 1 });
    await world.settle();
    assert.equal(link.answer(1)["result"], "ok");
    assert.equal(link.answer(1)["username"], "alice");
    assert.equal(link.answer(1)["token"], first.token);
  });

  it("keeps a connection that signs in again on itself [P-4.1]", async () => {
    const alice = await world.join("alice");
    alice.request(auth("alice", { id: 1 }));
    alice.request({ type: "alive", id: 2 });
    await world.settle();
    assert.equal(alice.answer(2)["result"], "ok");
    assert.deepEqual(alice.ofType("kill"), []);
  });

  it("gives a connection to whoever signed in on it last [P-3.2]", async () => {
    await world.join("bob");
    const alice = await world.join("alice");
    alice.request(auth("bob", { id: 1 }));
    alice.request({ type: "alive", from: "alice", id: 2 });
    await world.settle();
    assert.equal(alice.answer(2)["code"], "not_you");
    assert.deepEqual(await online(alice), ["alice", "bob"]);
  });

  it("lets exactly one of any number of racing logins live [P-3.6]", async () => {
    const device = fc.option(fc.constantFrom("a", "b"), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.array(device, { minLength: 2, maxLength: 8 }), async (devices) => {
        const racing = new MemoryWorld();
        await racing.join("alice");
        const links = devices.map((each) => {
          const link = racing.connect();
          link.request(auth("alice", { device: each }));
          return link;
        });
        await racing.settle();
        const alive = links.filter((link) => !link.closed);
        assert.equal(alive.length, 1);
        alive[0]?.request({ type: "alive", id: "alive" });
        await racing.settle();
        assert.equal(alive[0]?.answer("alive")["result"], "ok");
      }),
      { numRuns: 50 },
    );
  });

  it("checks a password again that was changed, or stored anew, while it was checked [P-4.1]", async () => {
    await world.join("alice");
    const { directory } = world;
    const account = directory.find("alice");
    assert.ok(account);
    const old = world.connect();
    old.request(auth("alice", { id: 1 }));
    directory.rehash(account, "hash of pw", "hash of another");
    await world.settle();
    assert.equal(old.answer(1)["code"], "bad_credentials");
    assert.equal((await world.ask(world.connect(), auth("alice", { password: "another" })))["result"], "ok");
  });

  it("checks a password again that was changed, or stored anew, in the same commit as the token [P-4.1]", async () => {
    await world.join("alice");
    const { directory, tokens } = world;
    const account = directory.find("alice");
    assert.ok(account);
    const issue = tokens.issue.bind(tokens);
    tokens.issue = (grant, password) => {
      directory.rehash(account, "hash of pw", "hash of another");
      return issue(grant, password);
    };
    assert.equal((await world.ask(world.connect(), auth("alice")))["code"], "bad_credentials");
    assert.equal((await world.ask(world.connect(), auth("alice", { password: "another" })))["result"], "ok");
  });

  it("does not open a session for a client that left while its password was checked", async () => {
    const alice = await world.join("alice");
    const link = world.connect();
    link.request(auth("alice"));
    link.drop();
    await world.settle();
    assert.equal(alice.closed, false);
    assert.deepEqual(await online(alice), ["alice"]);
  });
});
