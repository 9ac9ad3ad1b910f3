import assert from "node:assert/strict";
import { ReadGate } from "../../../../../server/core/limits/read-gate.ts";
import { TokenBucket } from "../../../../../server/core/limits/token-bucket.ts";

class Reads {
  unreadBytes = 0;
  open = true;
  changes = 0;
  pause(): void {
    assert.equal(this.open, true, "paused once");
    this.open = false;
    this.changes += 1;
  }
  resume(): void {
    assert.equal(this.open, false, "resumed once");
    this.open = true;
    this.changes += 1;
  }
}

describe("the gate before a link", () => {
  let link: Reads;
  let gate: ReadGate;

  beforeEach(() => {
    link = new Reads();
    gate = new ReadGate(link, () => link.unreadBytes);
  });

  it("is open when nobody holds it any more, in whatever order they let go", () => {
    gate.hold();
    gate.hold();
    gate.release();
    assert.equal(link.open, false);
    gate.release();
    assert.deepEqual([link.open, link.changes], [true, 2]);
  });

  it("is closed at 1,024 requests without answer until 512 are left", () => {
    gate.count(1_023);
    assert.equal(link.open, true);
    gate.count(1_024);
    gate.count(1_024);
    gate.count(513);
    assert.equal(link.open, false);
    gate.count(512);
    assert.equal(link.open, true);
  });

  it("is closed when the client leaves more than 256 KiB unread, until 64 KiB are left [P-8.6]", () => {
    link.unreadBytes = 256 * 1_024;
    gate.count(1);
    assert.equal(link.open, true);
    link.unreadBytes += 1;
    gate.count(1);
    gate.count(0);
    assert.equal(link.open, false);
    link.unreadBytes = 64 * 1_024 + 1;
    gate.flushed();
    assert.equal(link.open, false);
    link.unreadBytes = 64 * 1_024;
    gate.flushed();
    gate.flushed();
    assert.deepEqual([link.open, link.changes], [true, 2]);
  });

  it("is closed until every overdrawn budget is paid, each counted once [P-8.6]", () => {
    const [mine, ours] = [new TokenBucket(20, 10, 0), new TokenBucket(20, 10, 0)];
    mine.spend(220, 0);
    ours.spend(240, 0);
    for (const bucket of [mine, mine, ours]) gate.owe(bucket);
    gate.sweep(1_000);
    assert.equal(link.open, false);
    gate.sweep(2_000);
    gate.sweep(2_500);
    assert.deepEqual([link.open, link.changes], [true, 2]);
  });

  it("stays closed for one reason when another is over", () => {
    const bucket = new TokenBucket(20, 10, 0);
    bucket.spend(201, 0);
    gate.owe(bucket);
    gate.count(1_024);
    gate.hold();
    gate.sweep(1_000);
    gate.count(0);
    assert.equal(link.open, false);
    gate.release();
    assert.equal(link.open, true);
  });
});
