// The writer on a real connection, whose other end reads when it is told to. The system's own buffers take some megabytes
// before anything waits here.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { LineWriter } from "../../../../base/lines/line-writer.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const kib = 1_024;
const mib = kib * kib;
const line = `${"x".repeat(64 * kib - 1)}\n`;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a line writer", () => {
  let server: Server;
  let socket: Socket;
  let peer: Socket;
  let writer: LineWriter;
  let clock: FakeClock;
  let marks: number[];
  let stalled: Error | undefined;
  let taken: () => void;

  beforeEach(async () => {
    clock = new FakeClock();
    marks = [];
    stalled = undefined;
    taken = () => undefined;
    server = createServer({ pauseOnConnect: true });
    const accepted = once(server, "connection") as Promise<[Socket]>;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.on("error", () => undefined);
    [peer] = await accepted;
    peer.on("error", () => undefined);
    writer = new LineWriter(socket, {
      ...{ clock, maxUnsentBytes: mib, capUnsentBytes: 16 * mib },
      onTaken: (mark) => {
        marks.push(mark);
        taken();
      },
      onStalled: (error) => {
        stalled = error;
        socket.destroy();
      },
    });
  });
  afterEach(async () => {
    writer.dispose();
    socket.destroy();
    peer.destroy();
    server.close();
    await once(server, "close");
  });

  /** Sends until so many bytes wait here, because the system takes no more. @returns lines */
  async function fill(bytes: number): Promise<number> {
    let lines = 0;
    while (writer.unsentBytes < bytes) {
      writer.send(line);
      lines += 1;
      await turn();
    }
    // What the system takes late, it has taken now.
    for (let before = -1; before !== writer.unsentBytes;) {
      before = writer.unsentBytes;
      await turn();
    }
    return writer.unsentBytes < bytes ? lines + (await fill(bytes)) : lines;
  }

  it("counts what is unsent in bytes, whatever the characters", async () => {
    writer.send("é漢👩\n");
    assert.equal(writer.unsentBytes, 10);
    await new Promise<void>((resolve) => (taken = resolve));
    assert.equal(writer.unsentBytes, 0);
  });

  it("sends the lines of one turn in one write, in order", async () => {
    peer.setEncoding("utf8").resume();
    const [first, second] = [writer.send("a\n"), writer.send("b\n")];
    assert.deepEqual([first, second], [1, 2]);
    const [text] = (await once(peer, "data")) as [string];
    assert.deepEqual([text, marks], ["a\nb\n", [2]]);
  });

  it("sends everything in order when there is far more than one write takes, and says when it was taken", async () => {
    let received = "";
    peer
      .setEncoding("utf8")
      .on("data", (text: string) => (received += text))
      .resume();
    const lines = Array.from({ length: 40_000 }, (_, n) => `line ${n} é\n`);
    for (const each of lines) writer.send(each);
    writer.send("x".repeat(2 * mib) + "\n");
    writer.end();
    await once(peer, "end");
    assert.equal(received, `${lines.join("")}${"x".repeat(2 * mib)}\n`);
    assert.equal(marks.at(-1), 40_001);
    assert.deepEqual(
      marks,
      [...marks].sort((a, b) => a - b),
    );
  });

  it("lets one line of any length out to a peer that has left nothing unread [P-8.3]", async () => {
    writer.send("x".repeat(40 * mib) + "\n");
    clock.advance(60_000);
    assert.equal(stalled, undefined);
    let bytes = 0;
    peer.on("data", (chunk: Buffer) => (bytes += chunk.length)).resume();
    while (writer.unsentBytes > 0) await new Promise<void>((resolve) => (taken = resolve));
    assert.deepEqual([marks.at(-1), marks.lastIndexOf(0)], [1, marks.length - 2], "taken when its end was");
    assert.ok(bytes > 30 * mib);
  });

  it("cuts off a peer that left more than 1 MiB unread and takes nothing for 10 s [P-8.3]", async () => {
    await fill(mib + 64 * kib);
    writer.send(line);
    clock.advance(9_999);
    assert.equal(stalled, undefined);
    clock.advance(1);
    assert.match(String(stalled), /took nothing for 10000 ms/);
    assert.equal(clock.pending, 0);
  });

  it("counts the 10 s from what the peer took last [P-8.3]", async () => {
    await fill(3 * mib);
    const before = writer.unsentBytes;
    clock.advance(6_000);
    peer.resume();
    while (writer.unsentBytes === before) await new Promise<void>((resolve) => (taken = resolve));
    peer.pause();
    await fill(2 * mib);
    clock.advance(9_999);
    assert.equal(stalled, undefined);
    clock.advance(1);
    assert.notEqual(stalled, undefined);
  });

  it("sees a peer go on that takes long for a single line [P-8.3]", async () => {
    writer.send("x".repeat(15 * mib) + "\n");
    writer.send("behind it\n");
    for (let step = 0; step < 3; step += 1) {
      clock.advance(9_000);
      const before = writer.unsentBytes;
      peer.resume();
      while (writer.unsentBytes === before) await new Promise<void>((resolve) => (taken = resolve));
      peer.pause();
    }
    assert.deepEqual([stalled, marks.at(-1)], [undefined, 0]);
  });

  it("cuts it off without a further line: what waits here is memory [P-8.3]", async () => {
    await fill(2 * mib);
    clock.advance(20_000);
    assert.notEqual(stalled, undefined);
  });

  it("waits for a peer that reads slowly, for as long as it reads [P-8.3]", async () => {
    await fill(3 * mib);
    for (let step = 0; step < 4; step += 1) {
      const before = writer.unsentBytes;
      const progress = new Promise<void>((resolve) => {
        taken = () => {
          if (writer.unsentBytes < before) resolve();
        };
      });
      peer.resume();
      await progress;
      peer.pause();
      await fill(2 * mib);
      clock.advance(9_000);
    }
    assert.equal(stalled, undefined);
  });

  it("forgets the matter when the peer has caught up", async () => {
    await fill(2 * mib);
    peer.resume();
    while (writer.unsentBytes > 0) await new Promise<void>((resolve) => (taken = resolve));
    clock.advance(10_000);
    clock.advance(10_000);
    assert.deepEqual([stalled, clock.pending], [undefined, 0]);
  });

  it("holds no more than 16 MiB and a line for anybody, however they read [P-8.3]", async () => {
    let most = 0;
    for (let count = 0; count < 600 && stalled === undefined; count += 1) {
      writer.send(line);
      most = Math.max(most, writer.unsentBytes);
    }
    assert.match(String(stalled), /16777216 bytes/);
    assert.ok(most <= 16 * mib + line.length);
    const lost = writer.send(line);
    await turn();
    assert.ok(!marks.includes(lost));
  });
});
