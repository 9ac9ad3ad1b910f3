import assert from "node:assert/strict";
import { LineSink } from "../../../../server/operations/line-sink.ts";
import type { LineTarget } from "../../../../server/operations/line-target.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const kib = 1_024;

describe("lines on their way to a reader", () => {
  let clock: FakeClock;
  let sink: LineSink;
  let written: string;
  /** How many bytes the reader takes now. */
  let room: number;
  let error: Error | undefined;
  let dropped: number[];

  beforeEach(() => {
    clock = new FakeClock();
    written = "";
    room = Infinity;
    error = undefined;
    dropped = [];
    const target: LineTarget = {
      stuck: false,
      write(bytes, done) {
        const taken = Math.min(room, bytes.length);
        written += bytes.toString("utf8", 0, taken);
        room -= taken;
        done(taken, taken < bytes.length ? error : undefined);
      },
      writeNow: (bytes) => (written += bytes.toString()),
    };
    sink = new LineSink(target, {
      clock,
      onDropped: (count) => {
        dropped.push(count);
        sink.write(`dropped ${count}\n`);
      },
    });
  });

  const line = (n: number, length = 1_024) => `${String(n).padStart(length - 1, " ")}\n`;
  const numbers = () =>
    written
      .split("\n")
      .slice(0, -1)
      .map((each) => each.trim());

  it("are written before the call returns, while somebody reads", () => {
    sink.write("one\n");
    assert.equal(written, "one\n");
    assert.equal(clock.pending, 0);
  });

  it("wait in order while nobody reads, and are tried again soon", () => {
    room = 0;
    for (const text of ["one\n", "two\n"]) sink.write(text);
    room = 6;
    clock.advance(50);
    assert.equal(written, "one\ntw", "a line may be torn by what the reader has room for");
    sink.write("three\n");
    room = Infinity;
    clock.advance(50);
    assert.equal(written, "one\ntwo\nthree\n");
    assert.equal(clock.pending, 0);
  });

  it("are dropped beyond 1 MiB, counted, and that is said where they are missing, as soon as there is room", () => {
    room = 0;
    for (let n = 0; n < 2_000; n += 1) sink.write(line(n));
    assert.equal(sink.droppedLines, 2_000 - 1_024);
    assert.deepEqual(dropped, []);
    room = 600 * kib;
    clock.advance(50);
    assert.deepEqual(dropped, [976]);
    sink.write("new\n");
    room = Infinity;
    clock.advance(50);
    assert.deepEqual(numbers(), [...Array.from({ length: 1_024 }, (_, n) => String(n)), "dropped 976", "new"]);
  });

  it("are not dropped one by one when the reader takes a little at a time", () => {
    room = 0;
    for (let n = 0; n < 1_100; n += 1) sink.write(line(n));
    for (let n = 1_100; n < 1_200; n += 1) {
      room = 2 * kib;
      clock.advance(50);
      sink.write(line(n));
    }
    assert.deepEqual(dropped, []);
    assert.equal(sink.droppedLines, 176);
  });

  it("wait longer after an error, such as that of a full disk, and lose nothing of what waits", () => {
    error = new Error("ENOSPC");
    room = 5;
    for (const text of ["one\n", "two\n"]) sink.write(text);
    clock.advance(999);
    assert.equal(written, "one\nt");
    room = Infinity;
    clock.advance(1);
    assert.equal(written, "one\ntwo\n");
  });

  it("are waited for at the end, no longer than is said", async () => {
    room = 0;
    sink.write("one\n");
    const ended = sink.flush(1_000);
    clock.advance(1_000);
    await ended;
    const again = sink.flush(1_000);
    room = Infinity;
    clock.advance(50);
    await again;
    assert.equal(written, "one\n");
    await sink.flush(1_000);
  });

  it("are written at once before a crash, as far as that goes", () => {
    room = 0;
    sink.write("one\n");
    sink.flushNow();
    assert.equal(written, "one\n");
  });
});
