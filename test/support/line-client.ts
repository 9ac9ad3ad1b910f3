// A client of the wire for tests: one connection, plain or TLS, one JSON object a line. Sends what it is told, valid or
// not; answers and pushes are waited for, never slept for. Trusts every server.

import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import type { ConnectionOptions } from "node:tls";

export type Line = Readonly<Record<string, unknown>>;

const waitMs = 15_000;

export class LineClient {
  readonly socket: Socket;
  /** Fulfilled when the connection is closed. */
  readonly closed: Promise<void>;
  /** Answers every push with `{"id":…,"result":"ok"}`, as a client with `acks` does. */
  acknowledges = false;
  readonly #answers = new Inbox("an answer");
  readonly #pushes = new Inbox("a push");
  #rest = "";
  #lastId = 0;

  /** @param socket connected */
  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#answers.close();
        this.#pushes.close();
        resolve();
      });
    });
    socket.on("error", () => undefined);
    socket.on("end", () => socket.end());
    socket.setEncoding("utf8").on("data", (text: string) => this.#received(text));
  }

  /** @param host defaults to 127.0.0.1 */
  static open(port: number, host = "127.0.0.1"): Promise<LineClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, noDelay: true, allowHalfOpen: true });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new LineClient(socket));
      });
    });
  }

  /** By TLS. @param options such as `key` and `cert` of the client, or `host` */
  static openTls(port: number, options: ConnectionOptions = {}): Promise<LineClient> {
    return new Promise((resolve, reject) => {
      const socket = connectTls({
        ...{ host: "127.0.0.1", port, rejectUnauthorized: false, allowHalfOpen: true },
        ...options,
      });
      socket.once("error", reject);
      socket.once("secureConnect", () => {
        socket.off("error", reject);
        resolve(new LineClient(socket));
      });
    });
  }

  /** @throws on a plain connection */
  get secure(): TLSSocket {
    if (this.socket instanceof TLSSocket) return this.socket;
    throw new Error("this connection is plain");
  }

  /** Lines with `type` that came from the server and were not asked for yet. */
  get waitingPushes(): readonly Line[] {
    return this.#pushes.waiting;
  }

  send(object: object): void {
    this.sendRaw(`${JSON.stringify(object)}\n`);
  }

  sendRaw(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Sends with an id of its own, and waits for the answer that bears it. */
  ask(request: object): Promise<Line> {
    this.#lastId += 1;
    const id = `q${this.#lastId}`;
    this.send({ ...request, id });
    return this.#answers.take((line) => line["id"] === id);
  }

  /** The next line that is no push; of that id, if one is given. */
  answer(id?: string | number): Promise<Line> {
    return this.#answers.take((line) => id === undefined || line["id"] === id);
  }

  /** The next push, of that type if one is given; others stay for later. */
  push(type?: string): Promise<Line> {
    return this.#pushes.take((line) => type === undefined || line["type"] === type);
  }

  /** Answers a push. */
  acknowledge(push: Line, result = "ok"): void {
    this.send({ id: push["id"], result });
  }

  /** Sends nothing more; still reads. */
  halfClose(): void {
    this.socket.end();
  }

  /** Gone without a word. */
  destroy(): void {
    this.socket.destroy();
  }

  #received(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const raw of lines) {
      const line = JSON.parse(raw) as Line;
      if (typeof line["type"] !== "string") {
        this.#answers.put(line);
        continue;
      }
      this.#pushes.put(line);
      if (this.acknowledges) this.acknowledge(line);
    }
  }
}

/** One of the two ways to talk to a server, for suites that hold for both. */
export interface Transport {
  readonly name: "TCP" | "TLS";
  open(port: number): Promise<LineClient>;
  /** As `signedIn` below. */
  signedIn(port: number, username: string, added?: object): Promise<LineClient>;
}

const plain: Transport = {
  name: "TCP",
  open: (port) => LineClient.open(port),
  signedIn: (port, username, added) => signedIn(port, username, added),
};
const secure: Transport = {
  name: "TLS",
  open: (port) => LineClient.openTls(port),
  signedIn: (port, username, added) => signedIn(port, username, added, secure),
};
export const transports: readonly Transport[] = [plain, secure];

/** Registers, if need be, and signs in on a connection of its own. */
export async function signedIn(
  port: number,
  username: string,
  added: object = {},
  transport: Transport = plain,
): Promise<LineClient> {
  const client = await transport.open(port);
  await client.ask({ type: "register", username, password: `pw ${username}` });
  const answer = await client.ask({ type: "auth", username, password: `pw ${username}`, ...added });
  if (answer["result"] !== "ok") throw new Error(`auth of ${username}: ${JSON.stringify(answer)}`);
  client.acknowledges = "acks" in added && added.acks === true;
  return client;
}

class Inbox {
  readonly #what: string;
  readonly #lines: Line[] = [];
  readonly #waiters = new Set<{ wanted: (line: Line) => boolean; give: (line: Line | undefined) => void }>();
  #closed = false;

  constructor(what: string) {
    this.#what = what;
  }

  get waiting(): readonly Line[] {
    return this.#lines;
  }

  put(line: Line): void {
    for (const waiter of this.#waiters) {
      if (!waiter.wanted(line)) continue;
      waiter.give(line);
      return;
    }
    this.#lines.push(line);
  }

  /** @throws when the connection closes before, or after 15 s */
  async take(wanted: (line: Line) => boolean): Promise<Line> {
    const at = this.#lines.findIndex(wanted);
    if (at !== -1) return this.#lines.splice(at, 1)[0] ?? {};
    const line = this.#closed ? undefined : await this.#wait(wanted);
    if (!line) throw new Error(`no more ${this.#what}: the connection is closed, or ${waitMs} ms went by`);
    return line;
  }

  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.give(undefined);
  }

  #wait(wanted: (line: Line) => boolean): Promise<Line | undefined> {
    return new Promise((resolve) => {
      const give = (line: Line | undefined) => {
        clearTimeout(deadline);
        this.#waiters.delete(waiter);
        resolve(line);
      };
      const deadline = setTimeout(() => give(undefined), waitMs);
      const waiter = { wanted, give };
      this.#waiters.add(waiter);
    });
  }
}
