// What the witness knows of one connection, and what it tells the judges.

import type { JsonObject } from "../../../protocol/frame.ts";
import type { RequestId } from "../../../protocol/messages/envelope.ts";

export interface Request {
  readonly type: string;
  readonly id: RequestId | undefined;
  readonly body: JsonObject;
  readonly atMs: number;
}

export interface Push {
  readonly type: string;
  readonly body: JsonObject;
}

/** One connection, as the witness knows it; also the ones that the server opens to a client's port. */
export interface Line {
  readonly name: string;
  readonly address: string;
  /** Who authenticated on it last, as answered. */
  user: string | undefined;
  device: unknown;
  /** It closed, or the server closes it. */
  closing: boolean;
  /** The session it had has another one now. */
  superseded: boolean;
}

export interface Judge {
  request?(line: Line, request: Request): void;
  answered?(line: Line, request: Request, answer: JsonObject): void;
  pushed?(line: Line, push: Push): void;
  pushAnswered?(line: Line, push: Push, granted: boolean): void;
  closed?(line: Line): void;
  serverGone?(): void;
}

export class Connection implements Line {
  user: string | undefined;
  device: unknown;
  closing = false;
  superseded = false;
  readonly name: string;
  readonly address: string;
  readonly named = new Map<RequestId, Request>();
  readonly ordered: Request[] = [];
  readonly pushes: Push[] = [];
  readonly byId = new Map<RequestId, Push>();
  unnamedAnswers = 0;
  /** Its server is gone: what a killed process still says to the end of its turn nobody hears. */
  silent = false;

  constructor(name: string, address: string) {
    this.name = name;
    this.address = address;
  }
}
