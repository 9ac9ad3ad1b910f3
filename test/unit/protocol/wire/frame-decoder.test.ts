import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeFrame } from "../../../../protocol/wire/frame.ts";
import type { Frame } from "../../../../protocol/wire/frame.ts";
import { FrameDecoder } from "../../../../protocol/wire/frame-decoder.ts";
import { ObjectScanner } from "../../../../protocol/wire/object-scanner.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** All frames that it has now. */
function take(decoder: FrameDecoder): Frame[] {
  const frames: Frame[] = [];
  do {
    for (let frame = decoder.next(); frame; frame = decoder.next()) frames.push(frame);
  } while (decoder.lookAhead(64).lines > 0);
  return frames;
}

/** All objects that it has without a newline. */
function takeUnterminated(decoder: FrameDecoder, ended: boolean): Frame[] {
  const frames: Frame[] = [];
  for (let frame = decoder.unterminated(ended); frame; frame = decoder.unterminated(ended)) frames.push(frame);
  return frames;
}

/** What the decoder makes of these chunks, each a copy of its own. */
function decode(chunks: readonly Uint8Array[], maxBytes = 64, ended = false): Frame[] {
  const decoder = new FrameDecoder(maxBytes);
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk.slice());
    frames.push(...take(decoder));
  }
  return ended ? [...frames, ...takeUnterminated(decoder, true)] : frames;
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
        take(decoder);
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
    assert.deepEqual(decoder.lookAhead(64), { lines: 1, bytes: 9 });
    assert.equal(decoder.next()?.kind, "too_large");
    decoder.push(bytes('\n{"a":1}\n'));
    assert.deepEqual(take(decoder), []);
    assert.equal(decoder.pendingBytes, 0);
  });

  it("follow a limit that was raised between two of them [P-1.3]", () => {
    const decoder = new FrameDecoder(8);
    decoder.push(bytes('{"a":1}\n{"abcdefgh":1}\n{"incomplete":'));
    assert.equal(decoder.lookAhead(64).lines, 2);
    assert.equal(decoder.next()?.kind, "object");
    decoder.maxBytes = 20;
    assert.deepEqual(values(take(decoder)), [{ abcdefgh: 1 }]);
  });

  it("are bad where they are no UTF-8 [P-1.6]", () => {
    for (const wrong of [[0xff], [0xc3], [0xed, 0xa0, 0x80]]) {
      const line = Uint8Array.from([...wrong, ...bytes('{"a":1}\n')]);
      assert.equal(decode([line])[0]?.kind, "bad");
    }
  });

  it("may have a byte order mark in front of the first one, at every split, and of no other [P-1.1]", () => {
    const marked = bytes('\ufeff{"a":1}\n{"b":2}\n');
    for (let at = 0; at <= marked.length; at += 1) {
      const found = decode([marked.subarray(0, at), marked.subarray(at)]);
      assert.deepEqual(values(found), [{ a: 1 }, { b: 2 }], `split at ${at}`);
    }
    assert.deepEqual(values(decode([bytes('\ufeff{"a":1}')], 64, true)), [{ a: 1 }]);
    assert.deepEqual(values(decode([bytes('\ufeff\ufeff{"a":1}\n{"b":2}\n')])), ["bad", { b: 2 }]);
    assert.deepEqual(values(decode([bytes('{"a":1}\n\ufeff{"b":2}\n')])), [{ a: 1 }, "bad"]);
    assert.deepEqual(values(decode([Uint8Array.of(0xef, 0xbb), bytes('\n{"a":1}\n')])), ["bad", { a: 1 }]);
  });

  it("have a byte order mark that does not count for their length [P-1.3]", () => {
    const line = bytes(`\ufeff{"x":"${"y".repeat(56)}"}`);
    assert.deepEqual(decode([line, bytes("\n")])[0]?.kind, "object");
  });

  it("say what they cost before they are decoded, empty lines and lines of white space included [P-8.6]", () => {
    const decoder = new FrameDecoder(64);
    decoder.push(bytes('{"a":1}\n\n \t\r\n{"b":2}\nrest'));
    assert.deepEqual(decoder.lookAhead(3), { lines: 3, bytes: 13 });
    assert.equal(decoder.linesAhead, 3);
    assert.deepEqual(decoder.lookAhead(3), { lines: 0, bytes: 0 }, "they are said once");
    assert.deepEqual(decoder.next(), { kind: "object", value: { a: 1 } });
    assert.equal(decoder.next(), undefined);
    assert.deepEqual(decoder.lookAhead(3), { lines: 1, bytes: 8 });
    assert.deepEqual(decoder.next(), { kind: "object", value: { b: 2 } });
    assert.deepEqual(decoder.lookAhead(3), { lines: 0, bytes: 0 });
  });

  it("are looked at until there are enough bytes [P-8.6]", () => {
    const decoder = new FrameDecoder(64);
    decoder.push(bytes("12345678\n".repeat(10)));
    assert.deepEqual(decoder.lookAhead(64, 20), { lines: 3, bytes: 27 });
  });

  it("cost as many lines and bytes as were sent, however they are split and looked at [P-8.6]", () => {
    const text = fc.string({ unit: fc.constantFrom("\n", "\r", " ", "{", "}", '"', "é"), maxLength: 200 });
    fc.assert(
      fc.property(text, fc.nat(200), fc.integer({ min: 1, max: 9 }), (sent, at, maxLines) => {
        const all = bytes(sent);
        const decoder = new FrameDecoder(1_000);
        const total = { lines: 0, bytes: 0 };
        for (const chunk of [all.slice(0, at), all.slice(at)]) {
          decoder.push(chunk);
          for (;;) {
            const work = decoder.lookAhead(maxLines);
            if (work.lines === 0) break;
            assert.ok(work.lines <= maxLines);
            total.lines += work.lines;
            total.bytes += work.bytes;
            while (decoder.next());
          }
        }
        const whole = sent.lastIndexOf("\n") + 1;
        assert.deepEqual(total, { lines: sent.split("\n").length - 1, bytes: bytes(sent.slice(0, whole)).length });
      }),
      { seed: 8, numRuns: 2_000 },
    );
  });

  it("are the same, however many of them are looked at, while more bytes come in between [P-1.1]", () => {
    for (let at = 0; at <= stream.length; at += 1) {
      const decoder = new FrameDecoder(64);
      const frames: Frame[] = [];
      decoder.push(stream.slice(0, at));
      decoder.lookAhead(2);
      const first = decoder.next();
      if (first) frames.push(first);
      decoder.push(stream.slice(at));
      assert.deepEqual(values([...frames, ...take(decoder)]), expected, `split at ${at}`);
    }
  });

  describe("without their newline [P-1.5]", () => {
    it("are served when they are whole, or when nothing follows", () => {
      const decoder = new FrameDecoder(64);
      decoder.push(bytes('{"a"'));
      assert.equal(decoder.unterminated(false), undefined);
      decoder.push(bytes(":1}"));
      assert.deepEqual(take(decoder), []);
      assert.deepEqual(decoder.unterminated(false), { kind: "object", value: { a: 1 } });
      assert.equal(decoder.unterminated(true), undefined);
      assert.equal(decode([bytes('{"a"')], 64, true)[0]?.kind, "bad");
      assert.deepEqual(decode([bytes(" \r")], 64, true), []);
    });

    const row = bytes('{"a":"}{"}{"b":{"c":["\\"}","\\\\"]}} \t{"é":"{漢"}\r{}');
    const objects = [{ a: "}{" }, { b: { c: ['"}', "\\"] } }, { é: "{漢" }, {}];

    it("are served one after the other, at every split", () => {
      for (let at = 0; at <= row.length; at += 1) {
        const decoder = new FrameDecoder(64);
        const frames: Frame[] = [];
        for (const chunk of [row.slice(0, at), row.slice(at)]) {
          decoder.push(chunk);
          assert.deepEqual(take(decoder), []);
          frames.push(...takeUnterminated(decoder, false));
        }
        assert.deepEqual(values(frames), objects, `split at ${at}`);
        assert.equal(decoder.unterminated(true), undefined);
      }
    });

    it("are served one after the other when silence falls behind every byte", () => {
      const decoder = new FrameDecoder(64);
      const frames = Array.from(row, (byte) => {
        decoder.push(Uint8Array.of(byte));
        return takeUnterminated(decoder, false);
      });
      assert.deepEqual(values(frames.flat()), objects);
    });

    it("leave what is not whole for later, and it is bad at the end", () => {
      const decoder = new FrameDecoder(64);
      decoder.push(bytes('{"a":1}{"b":2}{"c"'));
      assert.deepEqual(values(takeUnterminated(decoder, false)), [{ a: 1 }, { b: 2 }]);
      decoder.push(bytes(':3}\n{"d":4}'));
      assert.deepEqual(values(take(decoder)), [{ c: 3 }]);
      assert.deepEqual(values(takeUnterminated(decoder, false)), [{ d: 4 }]);
      assert.deepEqual(values(decode([bytes('{"a":1}{"b"')], 64, true)), [{ a: 1 }, "bad"]);
      assert.deepEqual(values(decode([bytes('{"a":1}[2]')], 64, true)), [{ a: 1 }, "bad"]);
    });

    it("are bad if they are whole and no JSON, and the next one is served", () => {
      const decoder = new FrameDecoder(64);
      decoder.push(bytes('{a}{"b":2}'));
      assert.deepEqual(values(takeUnterminated(decoder, false)), ["bad", { b: 2 }]);
    });

    it("are one bad line if a newline does follow: the newline is what separates [P-1.1]", () => {
      assert.deepEqual(values(decode([bytes('{"a":1}{"b":2}\n{"c":3}\n')])), ["bad", { c: 3 }]);
    });

    it("are what was sent, for any objects in a row and any chunks", () => {
      fc.assert(
        fc.property(
          fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }),
          fc.integer({ min: 1, max: 50 }),
          (given, size) => {
            const sent = bytes(given.map((each) => JSON.stringify(each)).join(""));
            const decoder = new FrameDecoder(1_000_000);
            const frames: Frame[] = [];
            for (let at = 0; at < sent.length; at += size) {
              decoder.push(sent.slice(at, at + size));
              frames.push(...takeUnterminated(decoder, false));
            }
            assert.deepEqual(
              values(frames),
              given.map((each) => JSON.parse(JSON.stringify(each)) as unknown),
            );
          },
        ),
        { seed: 9, numRuns: 300 },
      );
    });

    it("are looked at once, however often silence falls", () => {
      // Each byte is read by the scanner through this one array: what is scanned twice is read twice.
      let reads = 0;
      const scanner = new ObjectScanner();
      const given = bytes(`{"x":"${"y".repeat(500)}"}`);
      const counted = (length: number) =>
        new Proxy(given.subarray(0, length), {
          get: (target, name) => {
            if (typeof name === "string" && /^\d+$/.test(name)) reads += 1;
            return Reflect.get(target, name, target) as unknown;
          },
        });
      for (let length = 1; length < given.length; length += 1) {
        assert.equal(scanner.endOfObject(counted(length)), undefined);
      }
      assert.equal(scanner.endOfObject(counted(given.length)), given.length);
      assert.equal(reads, given.length);
    });
  });

  describe("longer than the limit [P-1.3]", () => {
    let asked: number[];
    let done: number;
    const open = (limit: number) => {
      asked = [];
      done = 0;
      return new FrameDecoder(16, {
        limitOf: (line) => {
          asked.push(line.length);
          return limit;
        },
        done: () => (done += 1),
      });
    };
    const long = bytes(`{"x":"${"y".repeat(40)}"}\n`);

    it("are let in if that is said, at every split, and are done when they were read", () => {
      for (let at = 0; at <= long.length; at += 1) {
        const decoder = open(48);
        const frames: Frame[] = [];
        for (const chunk of [long.slice(0, at), long.slice(at)]) {
          decoder.push(chunk);
          frames.push(...take(decoder));
        }
        assert.equal(frames[0]?.kind, "object", `split at ${at}`);
        assert.deepEqual([asked.at(-1), done], [48, 1], `split at ${at}`);
      }
    });

    it("are too large beyond what was said, with or without a newline", () => {
      for (const sent of [long, long.slice(0, -1)]) {
        const decoder = open(47);
        decoder.push(sent.slice());
        assert.deepEqual(take(decoder), [{ kind: "too_large", limitBytes: 47 }]);
        assert.equal(done, 1);
      }
    });

    it("are asked about with all of their bytes so far, and only they are", () => {
      const decoder = open(48);
      decoder.push(bytes('{"a":1}\n'));
      assert.equal(take(decoder).length, 1);
      assert.deepEqual([asked, done], [[], 0]);
      for (let at = 0; at < 47; at += 1) {
        decoder.push(long.slice(at, at + 1));
        take(decoder);
      }
      assert.deepEqual(
        [...new Set(asked)],
        Array.from({ length: 31 }, (_, at) => 17 + at),
      );
    });

    it("are served without their newline too [P-1.5]", () => {
      const decoder = open(48);
      decoder.push(long.slice(0, -1));
      assert.deepEqual(take(decoder), []);
      assert.equal(decoder.unterminated(false)?.kind, "object");
      assert.equal(done, 1);
    });
  });
});
