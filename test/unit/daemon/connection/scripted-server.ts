// A server whose answers a test defines: a function from each request to its answer.

import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createInterface } from "node:readline";
import { parseServerAddress } from "../../../../daemon/connection/server-address.ts";
import type { ServerAddress } from "../../../../daemon/connection/server-address.ts";

export type Line = Readonly<Record<string, unknown>>;
/** @returns the answer (the id is added), undefined for none */
export type Script = (request: Line, socket: Socket) => object | string | undefined;

export class ScriptedServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: { wanted: (line: Line) => boolean; resolve: (line: Line) => void }[] = [];
  readonly received: Line[] = [];
  script: Script = () => ({ result: "ok" });

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
      const lines = createInterface(socket).on("line", (text) => this.#line(JSON.parse(text) as Line, socket));
      // It repeats the error of the socket.
      lines.on("error", () => undefined);
    });
  }

  static async start(): Promise<ScriptedServer> {
    const made = new ScriptedServer();
    await new Promise<void>((resolve) => made.#server.listen(0, "127.0.0.1", resolve));
    return made;
  }

  get address(): ServerAddress {
    const { port } = this.#server.address() as AddressInfo;
    const address = parseServerAddress(`127.0.0.1:${port}`);
    if (typeof address === "string") throw new Error(address);
    return address;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Returns the next line that matches, from those received or still to come. */
  async line(wanted: (line: Line) => boolean): Promise<Line> {
    const found = this.received.find(wanted);
    return found ?? (await new Promise((resolve) => this.#waiting.push({ wanted, resolve })));
  }

  push(object: object | string): void {
    const text = typeof object === "string" ? object : `${JSON.stringify(object)}\n`;
    for (const socket of this.#sockets) socket.write(text);
  }

  /** Closes every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }

  #line(line: Line, socket: Socket): void {
    this.received.push(line);
    if ("type" in line) {
      const answer = this.script(line, socket);
      if (typeof answer === "string") socket.write(answer);
      else if (answer) socket.write(`${JSON.stringify({ id: line["id"], ...answer })}\n`);
    }
    for (const each of this.#waiting.filter(({ wanted }) => wanted(line))) {
      this.#waiting.splice(this.#waiting.indexOf(each), 1);
      each.resolve(line);
    }
  }
}
