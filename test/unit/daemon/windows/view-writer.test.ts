import assert from "node:assert/strict";
import type { Message } from "vscode-jsonrpc/node";
import { maxAnswerBytes, maxUnreadBytes, ViewWriter } from "../../../../daemon/windows/view-writer.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const mebibyte = 1_024 * 1_024;

/** A socket whose other end reads as much as the test says. */
class Wire {
  readonly #queue: { chunk: Buffer; sent: () => void }[] = [];
  readonly written: Buffer[] = [];
  closed: () => void = () => undefined;

  write(chunk: Buffer, sent: () => void): boolean {
    this.#queue.push({ chunk, sent });
    return true;
  }

  end(): this {
    return this;
  }

  on(event: string, listener: () => void): this {
    if (event === "close") this.closed = listener;
    return this;
  }

  read(bytes = Infinity): void {
    for (let left = bytes; left > 0 && this.#queue.length > 0;) {
      const next = this.#queue.shift();
      if (!next) return;
      left -= next.chunk.length;
      this.written.push(next.chunk);
      next.sent();
    }
  }
}

describe("what a view is written", () => {
  let wire: Wire;
  let clock: FakeClock;
  let writer: ViewWriter;
  let stalls: number[];

  beforeEach(() => {
    wire = new Wire();
    clock = new FakeClock();
    stalls = [];
    writer = new ViewWriter(wire as unknown as ConstructorParameters<typeof ViewWriter>[0], {
      clock,
      onStalled: (waitingBytes) => stalls.push(waitingBytes),
    });
  });

  const tell = (bytes: number): void => {
    const message = { jsonrpc: "2.0", method: "chatRoom/messagesChanged", params: { text: "x".repeat(bytes) } };
    void writer.write(message);
  };
  const answer = (bytes: number): void => {
    void writer.write({ jsonrpc: "2.0", id: 1, result: "x".repeat(bytes) } as Message);
  };

  it("comes whole and in order, framed as JSON-RPC", async () => {
    tell(200_000);
    answer(3);
    tell(1);
    const last = writer.write({ jsonrpc: "2.0", method: "ü" } as Message);
    wire.read();
    await last;
    const text = Buffer.concat(wire.written).toString("utf8");
    const lengths = [...text.matchAll(/Content-Length: (\d+)\r\n\r\n/g)].map((found) => Number(found[1]));
    assert.equal(lengths.length, 4);
    assert.match(text, /Content-Length: 31\r\n\r\n\{"jsonrpc":"2.0","method":"ü"\}$/);
  });

  it("ends when more waits that it did not ask for than a view may leave unread", () => {
    for (let bytes = 0; bytes < maxUnreadBytes - mebibyte; bytes += 58_000) tell(58_000);
    assert.deepEqual(stalls, []);
    for (let bytes = 0; bytes < 2 * mebibyte; bytes += 58_000) tell(58_000);
    assert.notDeepEqual(stalls, []);
  });

  it("goes on for a view that reads, however large an answer is that it asked for", () => {
    answer(64 * mebibyte);
    for (let round = 0; round < 64; round += 1) {
      tell(1_000);
      clock.advance(30_000);
      wire.read(mebibyte);
    }
    assert.deepEqual(stalls, []);
  });

  it("ends for a view that asked for much and stopped reading, when it has not moved for a minute", () => {
    answer(4 * mebibyte);
    wire.read(mebibyte);
    clock.advance(59_000);
    tell(10);
    assert.deepEqual(stalls, []);
    clock.advance(2_000);
    tell(10);
    assert.equal(stalls.length, 1);
  });

  it("waits for any time for a view that has little unread, as one at a breakpoint", () => {
    for (let minute = 0; minute < 60; minute += 1) {
      tell(1_000);
      clock.advance(60_000);
    }
    assert.deepEqual(stalls, []);
    wire.read();
    // What waits now began to wait now.
    clock.advance(3_600_000);
    tell(2 * mebibyte);
    assert.deepEqual(stalls, []);
  });

  it("makes no further answers while those before are not read, and goes on when they are or nobody is there", async () => {
    assert.equal(writer.isFull, false);
    await writer.room();
    answer(maxAnswerBytes);
    assert.equal(writer.isFull, true);
    let free = false;
    const room = writer.room().then(() => (free = true));
    await Promise.resolve();
    assert.equal(free, false);
    wire.read();
    await room;
    answer(maxAnswerBytes);
    const again = writer.room();
    wire.closed();
    await again;
  });
});
