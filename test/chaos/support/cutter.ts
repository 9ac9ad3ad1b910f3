// Where a fault can strike on a connection: between two lines, or, if only the two ends can read it, between two TLS
// records [RFC 8446, 5.1].

/** What a proxy sees of a connection: lines, if it terminates the TLS itself, or records, which it does not touch. */
export type Sees = "lines" | "records";

export interface Piece {
  readonly bytes: Buffer;
  /** The line, or the kind of the record. */
  readonly seen: string;
}

/** @returns what is passed on at once; the rest comes with a later chunk */
export type Cutter = (chunk: Buffer) => Piece[];

const newline = 0x0a;
const headerBytes = 5;
const kinds = new Map([
  [0x14, "change of cipher"],
  [0x15, "alert"],
  [0x16, "handshake"],
  [0x17, "data"],
]);

export function cutterFor(sees: Sees): Cutter {
  return sees === "lines" ? cutLines : cutRecords();
}

/** A part of a line is a piece too. */
function cutLines(chunk: Buffer): Piece[] {
  const pieces: Piece[] = [];
  for (let rest = chunk; rest.length > 0;) {
    const at = rest.indexOf(newline);
    const bytes = at === -1 ? rest : rest.subarray(0, at + 1);
    pieces.push({ bytes, seen: bytes.toString("utf8") });
    rest = rest.subarray(bytes.length);
  }
  return pieces;
}

function cutRecords(): Cutter {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const pieces: Piece[] = [];
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= headerBytes) {
      const length = headerBytes + rest.readUInt16BE(3);
      if (rest.length < length) break;
      pieces.push({ bytes: rest.subarray(0, length), seen: kinds.get(rest[0] ?? 0) ?? "no record" });
      rest = rest.subarray(length);
    }
    return pieces;
  };
}
