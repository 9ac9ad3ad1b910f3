// What the witness knows of one connection, and what it tells the judges.

import type { JsonObject } from "../../../protocol/wire/frame.ts";
import type { RequestId } from "../../../protocol/wire/envelope.ts";

export interface Request {
  readonly type: string;
  readonly id: RequestId | undefined;
  readonly body: JsonObject;
  readonly atMs: number;
  /** Who asks: by the token of the request, or else by its connection. */
  readonly user: string | undefined;
}

export interface Push {
  readonly type: string;
  readonly body: JsonObject;
  readonly atMs: number;
}

/** One connection, as the witness knows it; also the ones that the server opens to a client's port. */
export interface Line {
  readonly name: string;
  readonly address: string;
  /** The server opened it, to the port of a client. */
  readonly dialled: boolean;
  /** That port. */
  readonly port: number | undefined;
  readonly secure: boolean;
  readonly peerKey: string | undefined;
  /** Who authenticated on it last, as answered. */
  user: string | undefined;
  /** How that was asked for; empty before. */
  auth: JsonObject;
  /** It closed, or the server closes it. */
  closing: boolean;
  /** The session it had has another one now. */
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
  /** Its process ended. */
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
  /** Of `LinkEvents.taken`. */
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
  /** Its server is gone: what a killed process still says to the end of its turn nobody hears. */
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

  /** The pushes up to that one left with that mark. */
  left(pushes: readonly Push[], mark: number): void {
    for (const push of pushes) this.#untaken.push({ push, mark });
  }

  /** @returns the pushes that left by then */
  take(mark: number): Push[] {
    const taken = this.#untaken.filter((sent) => sent.mark <= mark).map(({ push }) => push);
    this.#untaken = this.#untaken.filter((sent) => sent.mark > mark);
    return taken;
  }
}
