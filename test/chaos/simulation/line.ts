// What the witness knows about one connection, and the events it passes to the judges.

import type { JsonObject } from "../../../protocol/wire/frame.ts";
import type { RequestId } from "../../../protocol/wire/envelope.ts";

export interface Request {
  readonly type: string;
  readonly id: RequestId | undefined;
  readonly body: JsonObject;
  readonly atMs: number;
  /** Who asks: by the token of the request, else by its connection. */
  readonly user: string | undefined;
}

export interface Push {
  readonly type: string;
  readonly body: JsonObject;
  readonly atMs: number;
}

/** One connection as the witness knows it, also the ones that the server opens to a client's port. */
export interface Line {
  readonly name: string;
  readonly address: string;
  /** Whether the server opened it, to the port of a client. */
  readonly dialled: boolean;
  /** That port. */
  readonly port: number | undefined;
  readonly secure: boolean;
  readonly peerKey: string | undefined;
  /** Who last authenticated on it, according to the answer. */
  user: string | undefined;
  /** The request for that; empty before. */
  auth: JsonObject;
  /** Whether it closed, or the server is closing it. */
  closing: boolean;
  /** Whether its session has moved to another connection. */
  superseded: boolean;
}

export interface Judge {
  request?(line: Line, request: Request): void;
  answered?(line: Line, request: Request, answer: JsonObject): void;
  pushed?(line: Line, push: Push): void;
  /** The system took its bytes. */
  taken?(line: Line, push: Push): void;
  pushAnswered?(line: Line, push: Push, answer: JsonObject): void;
  /** Its client sends nothing more. */
  ended?(line: Line): void;
  /** The server closes it. */
  leaving?(line: Line): void;
  /** @param killed with the process of the server */
  closed?(line: Line, killed: boolean): void;
  /** The server's process ended. */
  serverGone?(): void;
}

export interface LineOrigin {
  readonly address: string;
  readonly secure: boolean;
  readonly peerKey: string | undefined;
  readonly port?: number;
}

interface Sent {
  readonly push: Push;
  /** As in `LinkEvents.taken`. */
  readonly mark: number;
}

export class Connection implements Line {
  user: string | undefined;
  auth: JsonObject = {};
  closing = false;
  superseded = false;
  readonly name: string;
  readonly address: string;
  readonly secure: boolean;
  readonly peerKey: string | undefined;
  readonly port: number | undefined;
  readonly named = new Map<RequestId, Request>();
  readonly ordered: Request[] = [];
  readonly pushes: Push[] = [];
  readonly byId = new Map<RequestId, Push>();
  unnamedAnswers = 0;
  /** Its server is gone: what a killed process still sends until the end of its turn is not received. */
  silent = false;
  #untaken: Sent[] = [];

  constructor(name: string, { address, secure, peerKey, port }: LineOrigin) {
    this.name = name;
    this.address = address;
    this.secure = secure;
    this.peerKey = peerKey;
    this.port = port;
  }

  get dialled(): boolean {
    return this.port !== undefined;
  }

  add(push: Push): void {
    this.pushes.push(push);
    const id = push.body["id"] as RequestId | undefined;
    if (id !== undefined) this.byId.set(id, push);
  }

  /** Notes that the pushes up to that mark were sent. */
  left(pushes: readonly Push[], mark: number): void {
    for (const push of pushes) this.#untaken.push({ push, mark });
  }

  /** @returns the pushes that were sent by then */
  take(mark: number): Push[] {
    const taken = this.#untaken.filter((sent) => sent.mark <= mark).map(({ push }) => push);
    this.#untaken = this.#untaken.filter((sent) => sent.mark > mark);
    return taken;
  }
}
