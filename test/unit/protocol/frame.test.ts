import assert from "node:assert/strict";
import fc from "fast-check";
import { encodedTextBytes, encodeFrame, FrameDecoder } from "../../../protocol/frame.ts";
import type { Frame } from "../../../protocol/frame.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** What the decoder makes of these chunks, each a copy of its own. */
function decode(chunks: readonly Uint8Array[], maxBytes = 64, ended = false): Frame[] {
  const decoder = new FrameDecoder(maxBytes);
  const frames: Frame[] = [];
  const take = () => {
    for (let frame = decoder.next(); frame; frame = decoder.next()) frames.push(frame);
  };
  for (const chunk of chunks) {
    decoder.push(chunk.slice());
    take();
  }
  const rest = ended ? decoder.unterminated(true) : undefined;
  return rest ? [...frames, rest] : frames;
}

const values = (frames: readonly Frame[]) =>
  frames.map((frame) => (frame.kind === "object" ? frame.value : frame.kind));

describe("frames", () => {
  const stream = bytes('{"a":1}\n\r\n{"é":"漢👩‍💻"}\r\n[]\n{"b":{"c":[2]}}\nnot json\n{"last":true}\n');
  const expected = [{ a: 1 }, { é: "漢👩‍💻" }, "bad", { b: { c: [2] } }, "bad", { last: true }];

  it("come out whole at every point where the stream may be split [P-1.1]", () => {
    for (let first = 0; first <= stream.length; first += 1) {
      assert.deepEqual(
        values(decode([stream.subarray(0, first), stream.subarray(first)])),
        expected,
        `split at ${first}`,
      );
    }
  });

  it("come out whole at every two points where the stream may be split [P-1.1]", () => {
    for (let first = 0; first <= stream.length; first += 3) {
      for (let second = first; second <= stream.length; second += 1) {
        const chunks = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)];
        assert.deepEqual(values(decode(chunks)), expected);
      }
    }
  });

  it("come out whole byte by byte [P-1.1]", () => {
    assert.deepEqual(values(decode(Array.from(stream, (byte) => Uint8Array.of(byte)))), expected);
  });

  it("are what was encoded, for any object [P-1.1]", () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.integer({ min: 1, max: 50 }),
        (objects, size) => {
          const sent = bytes(objects.map((each) => encodeFrame(each)).join(""));
          const chunks = Array.from({ length: Math.ceil(sent.length / size) }, (_, at) =>
            sent.subarray(at * size, (at + 1) * size),
          );
          assert.deepEqual(
            values(decode(chunks, 1_000_000)),
            objects.map((each) => JSON.parse(JSON.stringify(each)) as unknown),
          );
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it("survive random bytes: the same frames however they are split, and never more than a line is held [P-1.6]", () => {
    const noise = fc
      .uint8Array({ maxLength: 300 })
      .map((random) => random.map((byte) => (byte % 5 === 0 ? 0x0a : byte)));
    fc.assert(
      fc.property(noise, fc.nat(300), (random, at) => {
        const whole = decode([random]);
        const split = decode([random.subarray(0, at), random.subarray(at)]);
        assert.deepEqual(split, whole);
        const decoder = new FrameDecoder(64);
        decoder.push(random.slice());
        while (decoder.next());
        assert.ok(decoder.pendingBytes <= 65);
      }),
      { seed: 2, numRuns: 2_000 },
    );
  });

  it("may have exactly the limit, at every split, and not a byte more [P-1.3]", () => {
    const line = (length: number, end: string) => bytes(`{"x":"${"y".repeat(length - 8)}"}${end}`);
    for (const end of ["\n", "\r\n"]) {
      const [fits, over] = [line(64, end), line(65, end)];
      for (let at = 0; at <= over.length; at += 1) {
        assert.equal(decode([fits.subarray(0, at), fits.subarray(at)])[0]?.kind, "object", `split at ${at}`);
        const found = decode([over.subarray(0, at), over.subarray(at)]);
        assert.deepEqual(found, [{ kind: "too_large", limitBytes: 64 }], `split at ${at}`);
      }
    }
  });

  it("are too large without a newline too, and then nothing follows [P-1.3]", () => {
    const decoder = new FrameDecoder(8);
    decoder.push(bytes("x".repeat(9)));
    assert.equal(decoder.next()?.kind, "too_large");
    decoder.push(bytes('\n{"a":1}\n'));
    assert.equal(decoder.next(), undefined);
    assert.equal(decoder.pendingBytes, 0);
  });

  it("follow a limit that was raised between two of them [P-1.3]", () => {
    const decoder = new FrameDecoder(8);
    decoder.push(bytes('{"a":1}\n{"abcdefgh":1}\n'));
    assert.equal(decoder.next()?.kind, "object");
    decoder.maxBytes = 20;
    assert.equal(decoder.next()?.kind, "object");
  });

  it("are bad where they are no UTF-8 [P-1.6]", () => {
    for (const wrong of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf]]) {
      const line = Uint8Array.from([...wrong, ...bytes('{"a":1}\n')]);
      assert.equal(decode([line])[0]?.kind, "bad");
    }
  });

  it("without their newline are served when they are whole, or when nothing follows [P-1.5]", () => {
    const decoder = new FrameDecoder(64);
    decoder.push(bytes('{"a"'));
    assert.equal(decoder.unterminated(false), undefined);
    decoder.push(bytes(":1}"));
    assert.equal(decoder.next(), undefined);
    assert.deepEqual(decoder.unterminated(false), { kind: "object", value: { a: 1 } });
    assert.equal(decoder.unterminated(true), undefined);
    assert.equal(decode([bytes('{"a"')], 64, true)[0]?.kind, "bad");
    assert.deepEqual(decode([bytes(" \r")], 64, true), []);
  });

  it("cost what their JSON costs in UTF-8 [P-4.2]", () => {
    assert.deepEqual(
      ["", "a", '"', "é", "\n", "\u0001", "👩", "\ud800"].map(encodedTextBytes),
      [2, 3, 4, 4, 4, 8, 6, 8],
    );
  });
});
