// One request that waits for its answer. Knows on which connection it came and how its refusal looks on the wire, so that
// the code that finds the answer (now, or after a commit) needs to know nothing else.

import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import { encodeFrame, utf8Bytes } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import { okAnswer, refusalAnswer } from "../../../protocol/wire/envelope.ts";
import type { RequestId } from "../../../protocol/wire/envelope.ts";
import type { Answer, Responder } from "./answer.ts";

/** The form of a refusal of some request type [P-2.4]. */
export interface RefusalShape {
  readonly result: "fail" | "reason";
  /** Fields that the original protocol has in a refusal too. */
  readonly added?: object;
}

export interface AskOwner {
  /** Called once a request has its answer. */
  answered(ask: PendingRequest, answer: Answer): void;
}

export class PendingRequest implements Responder {
  readonly type: string;
  readonly id: RequestId | undefined;
  readonly refusal: RefusalShape;
  readonly #owner: AskOwner;
  #line: string | undefined;
  #afterwards: (() => void) | undefined;

  constructor(owner: AskOwner, type: string, id: RequestId | undefined, refusal: RefusalShape) {
    this.#owner = owner;
    this.type = type;
    this.id = id;
    this.refusal = refusal;
  }

  /** The encoded answer, once there is one. */
  get line(): string | undefined {
    return this.#line;
  }

  /** Runs once it has been sent. */
  get afterwards(): (() => void) | undefined {
    return this.#afterwards;
  }

  /** Only the first answer counts [P-2.3]. */
  answer(answer: Answer): void {
    if (this.#line !== undefined) return;
    this.#line = this.#encode(answer);
    if (answer.ok) this.#afterwards = answer.afterwards;
    this.#owner.answered(this, answer);
  }

  #encode(answer: Answer): string {
    if (!answer.ok) return this.#encodeRefusal(answer);
    const { id } = this;
    if (answer.tail !== undefined) {
      return id === undefined ? `{${answer.tail}` : `{"id":${JSON.stringify(id)},${answer.tail}`;
    }
    if (answer.fields !== undefined) {
      const named = id === undefined ? "" : `"id":${JSON.stringify(id)}${answer.fields === "" ? "" : ","}`;
      return `{${named}${answer.fields}}\n`;
    }
    const bare = answer.bare === true;
    const line = encodeFrame(
      bare ? { ...(id === undefined ? {} : { id }), ...answer.added } : okAnswer(id, answer.added),
    );
    return answer.unbounded === true || fitsALine(line) ? line : this.#encodeRefusal(tooLong);
  }

  #encodeRefusal(refused: Failure): string {
    return encodeFrame(refusalAnswer(this.id, refused, this.refusal.result, this.refusal.added));
  }
}

const tooLong = failure("too_large", "The answer is longer than a line may be. Ask for less at a time, with limit.");
/** No UTF-16 unit takes more in UTF-8. */
const worstBytesPerUnit = 3;

/** Whether a client accepts a line of that length [P-1.3]. */
function fitsALine(line: string): boolean {
  return line.length * worstBytesPerUnit <= limits.maxFrameBytes || utf8Bytes(line) - 1 <= limits.maxFrameBytes;
}
