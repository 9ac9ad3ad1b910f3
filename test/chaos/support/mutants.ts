// Invalid frames of every kind we could think of, as fast-check generators: mutated valid requests, values of the wrong
// type, and bytes that never were JSON.

import fc from "fast-check";

/** One line without its newline; it may contain newlines itself. */
export type Mutant = Uint8Array;

const types = [
  ...["message", "broadcast", "online", "block", "unblock", "blocked", "users", "alive", "presence", "signal"],
  ...["address", "logout", "auth", "register", "__proto__", "constructor", "toString", ""],
] as const;

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.json({ maxDepth: 4 }).map((text) => JSON.parse(text) as unknown),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom<unknown>(
    "\u0000",
    "\ud800",
    "\udfff\ud800",
    "\u202e",
    "ＡＬＩＣＥ",
    "x".repeat(2_500),
    -0,
    1e308,
    2 ** 53 + 1,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom<unknown>(null, true, [], {}, [[[[]]]]),
);

const fields = fc.dictionary(
  fc.constantFrom(
    ...["id", "from", "to", "msg", "mid", "ts", "token", "username", "password", "device", "port", "acks", "presence"],
    ...["target", "prefix", "after", "limit", "state", "text", "kind", "upto", "result", "code", "__proto__", "type"],
  ),
  odd,
  { maxKeys: 6 },
);

const request = fc
  .tuple(fc.constantFrom(...types), fields, fc.constantFrom("alice", "bob", "nobody"))
  .map(([type, more, to]) => JSON.stringify({ type, to, target: to, msg: "x", ...more }));

const spoiled = fc
  .tuple(request, fc.nat(), fc.nat())
  .chain(([text, at, by]) =>
    fc.constantFrom<string>(
      text.slice(0, at % (text.length + 1)),
      text + text,
      `${text.slice(0, -1)},"type":"alive","type":"message"}`,
      `${text.slice(0, -1)},"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}}`,
      text.replace(/"msg":"x"/, `"msg":${"9".repeat(1 + (by % 400))}e${by % 999}`),
      text.replace(/"msg":"x"/, '"msg":"\\ud800\\u0000"'),
      `${"[".repeat(by % 1_900)}${"]".repeat(by % 1_900)}`,
      `${'{"a":'.repeat(by % 600)}1${"}".repeat(by % 600)}`,
      `{"type":"message","to":"bob","msg":${'{"a":'.repeat(by % 600)}1${"}".repeat(by % 600)}}`,
      `\ufeff${text}`,
      `${text}\r\n\r\n   \n${text}`,
    ),
  );

const flipped = fc.tuple(request, fc.nat(), fc.nat({ max: 255 })).map(([text, at, byte]) => {
  const bytes = new TextEncoder().encode(text);
  bytes[at % bytes.length] = byte;
  return bytes;
});

const noise = fc.uint8Array({ minLength: 1, maxLength: 300 });

export const mutant: fc.Arbitrary<Mutant> = fc.oneof(
  { arbitrary: request.map((text) => new TextEncoder().encode(text)), weight: 6 },
  { arbitrary: spoiled.map((text) => new TextEncoder().encode(text)), weight: 5 },
  { arbitrary: flipped, weight: 2 },
  { arbitrary: noise, weight: 1 },
);

/** Number of lines in it that a server must treat as bad frames; too many of them on one connection end the connection. */
export function badLines(frame: Mutant): number {
  let bad = 0;
  for (const line of Buffer.from(frame).toString("latin1").split("\n")) {
    const bytes = Buffer.from(line, "latin1");
    if (!isObject(bytes)) bad += 1;
  }
  return bad;
}

function isObject(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (text.trim() === "") return true;
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
