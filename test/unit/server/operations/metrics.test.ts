import assert from "node:assert/strict";
import { Metrics } from "../../../../server/operations/metrics.ts";
import { MemoryWorld } from "../memory-world.ts";

describe("the metrics", () => {
  let world: MemoryWorld;
  let metrics: Metrics;
  const edge = { refusedConnections: 2, droppedConnections: 3 };
  const figures = {
    failing: false,
    letters: 3,
    letterBytes: 70,
    databaseBytes: 8_192,
    walBytes: 512,
    freeBytes: 4_096,
  };
  const store = { works: true, figures };

  beforeEach(() => {
    world = new MemoryWorld();
    metrics = new Metrics();
    metrics.observe({ core: world.core, store, edge, log: { droppedLines: 4 } });
  });

  /** @returns the samples of that metric: labels with their value */
  async function samples(name: string): Promise<Record<string, number>> {
    const found = (await metrics.render()).matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, "gm"));
    return Object.fromEntries(Array.from(found, ([, labels = "", value]) => [labels, Number(value)]));
  }

  it("count messages by what became of them [P-5.1, P-5.2]", async () => {
    const alice = await world.join("alice");
    const bob = await world.join("bob", { acks: true });
    alice.request({ type: "message", to: "bob", msg: "one" });
    await world.settle();
    assert.deepEqual(await samples("chat_room_pushes_under_way"), { "": 1 });
    bob.acknowledgeAll();
    bob.request({ type: "logout", id: "bye" });
    await world.settle();
    alice.request({ type: "message", to: "bob", msg: "two" });
    await world.settle();
    await world.join("bob");
    alice.request({ type: "broadcast", msg: "all" });
    await world.settle();
    assert.deepEqual(await samples("chat_room_messages_total"), {
      'delivery="delivered"': 1,
      'delivery="queued"': 1,
      'delivery="fetched"': 1,
      'delivery="broadcast"': 1,
    });
  });

  it("count what was not acknowledged in time [P-5.1]", async () => {
    const alice = await world.join("alice");
    await world.join("bob", { acks: true });
    alice.request({ type: "message", to: "bob", msg: "one" });
    await world.settle();
    await world.advance(10_500);
    assert.deepEqual(await samples("chat_room_pushes_unanswered_total"), { "": 1 });
  });

  it("count sign-ins by outcome and refusals by code [P-4.1]", async () => {
    const alice = await world.join("alice");
    alice.request({ type: "auth", username: "alice", password: "wrong" });
    alice.request({ type: "message", to: "nobody", msg: "x" });
    alice.noise();
    await world.settle();
    assert.deepEqual(await samples("chat_room_sign_ins_total"), {
      'outcome="ok"': 1,
      'outcome="bad_credentials"': 1,
    });
    assert.deepEqual(await samples("chat_room_refused_requests_total"), {
      'code="bad_credentials"': 1,
      'code="no_such_user"': 1,
      'code="bad_frame"': 1,
    });
  });

  it("show who is there, and forget nobody who left", async () => {
    const alice = await world.join("alice");
    await world.join("bob");
    alice.drop();
    await world.settle();
    assert.deepEqual(await samples("chat_room_connections"), { "": 1 });
    assert.deepEqual(await samples("chat_room_connections_total"), { "": 2 });
    assert.deepEqual(await samples("chat_room_sessions"), { 'connected="yes"': 1, 'connected="no"': 1 });
  });

  it("show the mailboxes, the disk and how long commits take", async () => {
    metrics.committed(3);
    assert.deepEqual(await samples("chat_room_mailbox_letters"), { "": 3 });
    assert.deepEqual(await samples("chat_room_mailbox_bytes"), { "": 70 });
    assert.deepEqual(await samples("chat_room_database_bytes"), { "": 8_192 });
    assert.deepEqual(await samples("chat_room_database_free_bytes"), { "": 4_096 });
    assert.deepEqual(await samples("chat_room_wal_bytes"), { "": 512 });
    assert.deepEqual(await samples("chat_room_storage_works"), { "": 1 });
    assert.deepEqual(await samples("chat_room_commit_seconds_count"), { "": 1 });
    assert.equal((await samples("chat_room_commit_seconds_bucket"))['le="0.005"'], 1);
  });

  it("count what never got as far as the core, and the log that nobody read", async () => {
    assert.deepEqual(await samples("chat_room_connections_refused_total"), { "": 2 });
    assert.deepEqual(await samples("chat_room_connections_dropped_total"), { "": 3 });
    assert.deepEqual(await samples("chat_room_log_lines_dropped_total"), { "": 4 });
  });

  it("say the same when they are asked twice", async () => {
    await world.join("alice");
    const first = await samples("chat_room_sign_ins_total");
    assert.deepEqual(await samples("chat_room_sign_ins_total"), first);
  });
});
