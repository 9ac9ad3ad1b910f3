// The server connects to a port only for a session that was opened in plain JSON, proved no key and does not acknowledge,
// and only to the port that it named [P-6].

import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

interface Opened {
  readonly secure: boolean;
  readonly peerKey: string | undefined;
  readonly address: string;
  readonly auth: JsonObject;
}

export class PortJudge implements Judge {
  readonly #bench: Bench;
  /** How each user opened the latest session. */
  readonly #opened = new Map<string, Opened>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  answered({ address, secure, peerKey }: Line, { type, body }: Request, answer: JsonObject): void {
    if (type !== "auth" || answer["result"] !== "ok") return;
    this.#opened.set(String(answer["username"]), { address, secure, peerKey, auth: body });
  }

  pushed({ dialled, user, address, port }: Line, { type }: Push): void {
    if (!dialled) return;
    const opened = this.#opened.get(String(user));
    const may = opened && !opened.secure && opened.peerKey === undefined && opened.auth["acks"] !== true;
    if (may && opened.address === address && opened.auth["port"] === port) return;
    this.#bench.violation(`the server calls ${String(user)} at port ${port} with ${type}`);
  }
}
