// JSON lines on a socket, without any of our code.

import type { Socket } from "node:net";

export type Fields = Readonly<Record<string, unknown>>;

export function writeLine(socket: Socket | undefined, line: Fields): void {
  socket?.write(`${JSON.stringify(line)}\n`);
}

export function readLines(socket: Socket, onLine: (line: Fields) => void): void {
  let rest = "";
  socket.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(JSON.parse(line) as Fields);
  });
  socket.on("error", () => undefined);
}
