import assert from "node:assert/strict";
import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import { MemoryWorld } from "../memory-world.ts";
import type { MemoryLink } from "../memory-world.ts";

describe("a server that was started again", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;
  let watcher: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice", { device: "laptop", acks: true });
    watcher = await world.join("watcher", { device: "desk", presence: true });
    alice.request({ type: "presence", state: "dnd", text: "busy" });
    await world.settle();
  });

  const isPresence = ({ type }: JsonObject) => type === "presence" || type === "offline";
  const told = () => watcher.lines.filter(isPresence).map(({ from, type, state }) => [from, state ?? type]);
  async function back(link: MemoryLink, added: object): Promise<MemoryLink> {
    const again = world.connect();
    again.request({ type: "auth", token: link.token, id: "auth", ...added });
    await world.settle();
    assert.equal(again.answer("auth")["result"], "ok");
    again.token = link.token;
    return again;
  }
  const online = async () => Object.keys(await world.ask(watcher, { type: "online" })).sort();

  it("awaits those who were there: nobody sees them leave and come back [P-3.6]", async () => {
    world.restart();
    watcher = await back(watcher, { device: "desk", presence: true });
    assert.deepEqual(await online(), ["alice", "watcher"]);
    const { users } = await world.ask(watcher, { type: "users" });
    assert.deepEqual(users, [{ name: "alice", account: "account-1", state: "dnd", text: "busy" }]);
    await world.advance(30_000);
    await back(alice, { device: "laptop", acks: true });
    assert.deepEqual((await world.ask(watcher, { type: "users" }))["users"], users);
    await world.advance(25_000);
    assert.deepEqual(told(), []);
  });

  it("awaits them also if they come with another device's name, by the token [P-3.6]", async () => {
    world.restart();
    watcher = await back(watcher, { device: "desk", presence: true });
    const again = await back(alice, { acks: true });
    assert.deepEqual([told(), again.ofType("kill")], [[], []]);
  });

  it("says that they are offline when they did not come back for 60 s [P-3.6, P-4.9]", async () => {
    world.restart();
    watcher = await back(watcher, { device: "desk", presence: true });
    await world.advance(50_000);
    watcher.request({ type: "alive" });
    await world.advance(9_500);
    assert.deepEqual(told(), []);
    await world.advance(1_000);
    assert.deepEqual(told(), [["alice", "offline"]]);
    assert.deepEqual(await online(), ["watcher"]);
  });

  it("keeps messages for those whom it awaits, and brings them first [P-5.2, P-5.3]", async () => {
    world.restart();
    watcher = await back(watcher, { device: "desk", presence: true });
    assert.equal((await world.ask(watcher, { type: "message", to: "alice", msg: "one" }))["delivery"], "queued");
    const again = await back(alice, { device: "laptop", acks: true });
    assert.deepEqual(again.texts, ["one"]);
  });

  it("awaits nobody who had left, and nobody whose account is gone [P-4.7]", async () => {
    const carol = await world.join("carol");
    await world.join("dora");
    carol.request({ type: "logout" });
    await world.settle();
    world.directory.removeAccount(4);
    world.restart();
    watcher = await back(watcher, { device: "desk", presence: true });
    assert.deepEqual(await online(), ["alice", "watcher"]);
  });

  it("tells what is new of somebody who comes back otherwise than they were [P-4.13]", async () => {
    world.restart();
    watcher = await back(watcher, { device: "desk", presence: true });
    await world.signIn("alice", { device: "phone" });
    assert.deepEqual(told(), [["alice", "available"]]);
  });

  it("serves a request by token for somebody whom it awaits [P-3.4]", async () => {
    world.restart();
    watcher = await back(watcher, { device: "desk", presence: true });
    const link = world.connect();
    assert.equal((await world.ask(link, { type: "alive", token: alice.token }))["result"], "ok");
    await world.advance(59_000);
    watcher.request({ type: "alive" });
    assert.equal((await world.ask(world.connect(), { type: "alive", token: alice.token }))["result"], "ok");
    await world.advance(59_000);
    assert.deepEqual(told(), []);
  });
});
