import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import { LineChannel } from "../../../../base/lines/line-channel.ts";
import type { LineChannelOptions } from "../../../../base/lines/line-channel.ts";
import type { Frame } from "../../../../protocol/wire/frame.ts";
import { makeCertificate } from "../../../support/certificates.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

/** Counts the turns of the event loop until it is stopped. */
class Turns {
  now = 0;
  #next = setImmediate(() => this.#count());

  stop(): void {
    clearImmediate(this.#next);
  }

  #count(): void {
    this.now += 1;
    this.#next = setImmediate(() => this.#count());
  }
}

/** A value that comes later. */
class Mark<T = void> {
  readonly reached: Promise<T>;
  reach: (value: T) => void = () => undefined;
  constructor() {
    this.reached = new Promise((resolve) => (this.reach = resolve));
  }
}

describe("a line channel", () => {
  let server: Server;
  let peer: Socket;
  let channel: LineChannel;
  let clock: FakeClock;
  let frames: Frame[];
  let marks: number[];
  let received: string;
  let ended: Mark;
  let closed: Mark<Error | undefined>;
  let onFrame: (frame: Frame) => void;
  let wake: () => void;

  beforeEach(() => {
    clock = new FakeClock();
    frames = [];
    marks = [];
    received = "";
    ended = new Mark();
    closed = new Mark();
    onFrame = () => undefined;
    wake = () => undefined;
  });
  afterEach(async () => {
    peer.destroy();
    channel.destroy();
    server.close();
    await once(server, "close");
  });

  async function open(
    options: Partial<LineChannelOptions> = {},
    wrap: (accepted: Socket) => Socket | Promise<Socket> = (accepted) => accepted,
  ): Promise<void> {
    server = createServer({ allowHalfOpen: true });
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    peer = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
    peer.on("error", () => undefined);
    channel = new LineChannel(await wrap(await accepted), {
      clock,
      maxFrameBytes: 64,
      onFrame: (frame) => {
        frames.push(frame);
        onFrame(frame);
        wake();
      },
      onTaken: (mark) => {
        marks.push(mark);
        wake();
      },
      onEnd: () => ended.reach(),
      onClose: (error) => closed.reach(error),
      ...options,
    });
  }

  const readByPeer = () =>
    peer.setEncoding("utf8").on("data", (text: string) => {
      received += text;
      wake();
    });

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (wake = resolve));
  }

  const objects = () => frames.map((frame) => (frame.kind === "object" ? frame.value : frame.kind));

  it("hands out one object a line, in order [P-1.1]", async () => {
    await open();
    peer.write('{"a":1}\n{"b"');
    peer.write(":2}\n");
    await until(() => frames.length === 2);
    assert.deepEqual(objects(), [{ a: 1 }, { b: 2 }]);
  });

  it("writes what is sent in one turn at once, and tells when the system took it", async () => {
    await open();
    readByPeer();
    assert.deepEqual([channel.send({ a: 1 }), channel.sendEncoded('{"b":2}\n'), channel.send({ c: 3 })], [1, 2, 3]);
    assert.ok(channel.unsentBytes > 0);
    await until(() => marks.length > 0 && received.endsWith('{"c":3}\n'));
    assert.deepEqual(marks, [3]);
    assert.equal(received, '{"a":1}\n{"b":2}\n{"c":3}\n');
  });

  it("hands out nothing while it is paused, and the rest after it", async () => {
    await open();
    onFrame = () => {
      if (frames.length === 1) channel.pause();
    };
    peer.write('{"a":1}\n{"b":2}\n{"c":3}\n');
    await until(() => frames.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(frames.length, 1);
    channel.resume();
    await until(() => frames.length === 3);
    assert.deepEqual(objects(), [{ a: 1 }, { b: 2 }, { c: 3 }]);
  });

  it("hands out the rest and the end after a pause in which the peer half-closed [P-1.5]", async () => {
    await open();
    onFrame = () => {
      if (frames.length === 1) channel.pause();
    };
    peer.end('{"a":1}\n{"b":2}');
    await until(() => frames.length === 1);
    channel.resume();
    await ended.reached;
    assert.deepEqual(objects(), [{ a: 1 }, { b: 2 }]);
  });

  it("serves a whole object without its newline after 100 ms of silence, and no part of one [P-1.5]", async () => {
    await open();
    peer.write('{"a":1}\n{"b"');
    await until(() => frames.length === 1);
    clock.advance(100);
    assert.equal(frames.length, 1);
    peer.write(":2}");
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(99);
    assert.equal(frames.length, 1);
    clock.advance(1);
    assert.deepEqual(objects(), [{ a: 1 }, { b: 2 }]);
  });

  it("serves all whole objects without their newlines after silence, and waits where it is paused [P-1.5]", async () => {
    await open();
    onFrame = () => {
      if (frames.length === 2) channel.pause();
    };
    peer.write('{"a":1}{"b":"}{"}{"c":3}{"d"');
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(100);
    assert.deepEqual(objects(), [{ a: 1 }, { b: "}{" }]);
    channel.resume();
    clock.advance(100);
    assert.deepEqual(objects(), [{ a: 1 }, { b: "}{" }, { c: 3 }]);
    assert.equal(clock.pending, 0, "what is not whole is not asked about again before more of it has come");
    peer.end(':4}{"e":5}');
    await ended.reached;
    assert.deepEqual(objects().slice(3), [{ d: 4 }, { e: 5 }]);
  });

  it("takes longer lines once it is told to [P-1.3]", async () => {
    await open();
    onFrame = () => (channel.maxFrameBytes = 1_000);
    peer.write(`{"a":1}\n{"b":"${"x".repeat(500)}"}\n`);
    await until(() => frames.length === 2);
    assert.equal(frames[1]?.kind, "object");
  });

  it("tells of a line that is too long, and of nothing after it [P-1.3]", async () => {
    await open();
    peer.write("x".repeat(65));
    await until(() => frames.length === 1);
    peer.end('\n{"a":1}\n');
    await ended.reached;
    assert.deepEqual(objects(), ["too_large"]);
  });

  describe("with a peer that sends without an end [P-8.6]", () => {
    let turn: Turns;
    beforeEach(() => (turn = new Turns()));
    afterEach(() => turn.stop());

    it("hands out at most 64 frames in one turn, in order, and the end behind them", async () => {
      const turns = new Map<number, number>();
      await open();
      onFrame = () => turns.set(turn.now, (turns.get(turn.now) ?? 0) + 1);
      peer.end(Array.from({ length: 5_000 }, (_, n) => `{"n":${n}}\n`).join(""));
      await ended.reached;
      assert.deepEqual(
        objects(),
        Array.from({ length: 5_000 }, (_, n) => ({ n })),
      );
      assert.ok(Math.max(...turns.values()) <= 64, `${Math.max(...turns.values())} in one turn`);
    });

    it("hands out no more bytes in one turn than 64 KiB and what is left of a line", async () => {
      const turns = new Map<number, number>();
      await open({ maxFrameBytes: 65_536 });
      onFrame = () => turns.set(turn.now, (turns.get(turn.now) ?? 0) + 1);
      peer.end(`{"x":"${"y".repeat(20_000)}"}\n`.repeat(60));
      await ended.reached;
      assert.equal(frames.length, 60);
      assert.ok(Math.max(...turns.values()) <= 4);
    });

    it("lets others have their turn between two of its lots", async () => {
      await open();
      const lots: number[] = [];
      onFrame = () => {
        if (lots.at(-1) !== turn.now) lots.push(turn.now);
      };
      peer.end("{}\n".repeat(64 * 5));
      await ended.reached;
      assert.equal(lots.length, 5);
    });

    it("says what it reads before it hands it out: every line of every kind, and its bytes", async () => {
      const order: (string | readonly number[])[] = [];
      await open({
        onRead: (lines, bytes) => order.push([lines, bytes]),
        onFrame: (frame) => {
          order.push(frame.kind);
          wake();
        },
      });
      peer.end('{"a":1}\n\n\r\n \t\n[]\n{"b":2}{"c"');
      await ended.reached;
      assert.deepEqual(order, [[5, 17], "object", "bad", [1, 7], "object", [1, 4], "bad"]);
    });

    it("reads a million empty lines in lots that are said and can be refused, like any others", async () => {
      let [lines, bytes, lots] = [0, 0, 0];
      await open({
        onRead: (moreLines, moreBytes) => {
          [lines, bytes, lots] = [lines + moreLines, bytes + moreBytes, lots + 1];
          channel.pause();
          setImmediate(() => channel.resume());
        },
      });
      peer.end("\n".repeat(20_000) + " \r\n".repeat(1_000));
      await ended.reached;
      assert.deepEqual([lines, bytes, frames.length], [21_000, 23_000, 0]);
      assert.ok(lots >= 21_000 / 64);
    });

    it("takes no more from the system than it can hand out soon", async () => {
      let [taken, announced, most] = [0, 0, 0];
      await open(
        {
          onRead: (_lines, bytes) => {
            announced += bytes;
            most = Math.max(most, taken - announced);
          },
        },
        (accepted) => accepted.on("data", (chunk: Buffer) => (taken += chunk.length)),
      );
      peer.end("\n".repeat(300_000));
      await ended.reached;
      assert.equal(announced, 300_000);
      assert.ok(most <= 3 * 64 * 1_024, `${most} bytes waited`);
    });

    it("takes no more for being paused and resumed at each frame", async () => {
      let worst = 0;
      await open({}, (accepted) => {
        onFrame = () => {
          worst = Math.max(worst, accepted.bytesRead - frames.length * "{}\n".length);
          channel.pause();
          channel.resume();
        };
        return accepted;
      });
      peer.write("{}\n".repeat(200_000));
      await until(() => frames.length === 200_000);
      assert.ok(worst <= 192 * 1_024, `${worst} bytes were taken and not handed out`);
    });

    it("hands out nothing of a lot whose announcement paused it, until it is resumed", async () => {
      const lots: number[] = [];
      await open({
        onRead: (lines) => {
          lots.push(lines);
          channel.pause();
          wake();
        },
      });
      peer.end('{"a":1}\n{"b":2}\n{"c":3}');
      await until(() => lots.length === 1);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(frames.length, 0);
      channel.resume();
      await until(() => lots.length === 2);
      assert.deepEqual(objects(), [{ a: 1 }, { b: 2 }], "the last one is announced and waits");
      channel.resume();
      assert.deepEqual(objects().length, 3);
      assert.deepEqual(lots, [2, 1]);
      await ended.reached;
    });

    it("hands out nothing more once it is closed between two lots", async () => {
      await open();
      onFrame = () => {
        if (frames.length === 64) setImmediate(() => channel.close());
      };
      peer.end("{}\n".repeat(1_000));
      peer.resume();
      await closed.reached;
      assert.ok(frames.length <= 128, `${frames.length} frames`);
    });
  });

  it("sends everything before it closes, and takes nothing more", async () => {
    await open();
    readByPeer();
    channel.send({ bye: true });
    channel.close();
    channel.send({ late: true });
    await once(peer, "end");
    assert.equal(received, '{"bye":true}\n');
    peer.end();
    assert.equal(await closed.reached, undefined);
  });

  it("does not wait longer than its grace for a peer that keeps the connection", async () => {
    await open();
    channel.close(1_000);
    clock.advance(1_000);
    assert.equal(await closed.reached, undefined);
  });

  it("reads no more than its bound of what a peer pours in while it closes [P-1.3]", async () => {
    await open({ maxUnsentBytes: 256 * 1_024 });
    channel.close();
    const chunk = Buffer.alloc(64 * 1_024, "x");
    const pour = (): void => {
      while (!peer.destroyed && peer.write(chunk));
    };
    peer.on("drain", pour);
    pour();
    await closed.reached;
    assert.ok(peer.bytesWritten < 64 * 1_024 * 1_024, "the grace never ended by itself: the clock stands still");
  });

  it("tells once that the peer is gone", async () => {
    await open();
    peer.resetAndDestroy();
    const error = await closed.reached;
    assert.equal(error instanceof Error && "code" in error ? error.code : undefined, "ECONNRESET");
    channel.send({ a: 1 });
    channel.close();
  });

  it("closes TLS after a broken record, which Node.js reports and leaves open", async () => {
    const { key, certificate } = await makeCertificate();
    const tls = createTlsServer({ key, cert: certificate });
    await open({}, (accepted) => {
      const secured = new Promise<Socket>((resolve) => tls.once("secureConnection", resolve));
      tls.emit("connection", accepted);
      const secure = connectTls({ socket: peer, rejectUnauthorized: false });
      secure.on("error", () => undefined);
      return secured;
    });
    peer.write(Buffer.from([0x17, 3, 3, 0, 20, ...Buffer.alloc(20, "x")]));
    assert.match(String(await closed.reached), /bad record mac/);
  });
});
