// Observes all traffic between the server's core and its clients, as requests with their answers, and passes it to the
// judges. Checks itself that every request gets exactly one answer [P-2.3], with its id or in its order [P-2.2].

import type { JsonObject } from "../../../protocol/wire/frame.ts";
import { readEnvelope } from "../../../protocol/wire/envelope.ts";
import type { RequestId } from "../../../protocol/wire/envelope.ts";
import type { Dialler, Link, LinkEvents } from "../../../server/core/ports.ts";
import type { Bench } from "./bench.ts";
import { Connection } from "./line.ts";
import type { Judge, Push, Request } from "./line.ts";
import { wrapped } from "./wrapped.ts";

/** Longer than anything the server waits for [P-4.8]. */
const longestAnswerMs = 60_000;

export class Witness {
  readonly #bench: Bench;
  readonly #judges: readonly Judge[];
  readonly #open = new Set<Connection>();
  /** All connections of the current server. */
  readonly #lines = new Set<Connection>();
  /** The owner of each token, past and present. */
  readonly #tokens = new Map<string, string>();
  #count = 0;

  constructor(bench: Bench, judges: readonly Judge[]) {
    this.#bench = bench;
    this.#judges = judges;
  }

  /** Sits between a link and the core. */
  connection(link: Link, connect: (link: Link) => LinkEvents): LinkEvents {
    const line = new Connection(`c${(this.#count += 1)}`, link);
    this.#open.add(line);
    this.#lines.add(line);
    const seen = wrapped(link, {
      send: (text) => {
        const before = line.pushes.length;
        for (const each of text.trimEnd().split("\n")) this.#sent(line, each);
        const mark = link.send(text);
        line.left(line.pushes.slice(before), mark);
        return mark;
      },
      close: () => {
        if (!line.silent && !line.closing) this.#tell("leaving", line);
        line.closing = true;
        link.close();
      },
    });
    const events = connect(seen);
    return wrapped(events, {
      frame: (frame) => {
        if (frame.kind === "object") this.#heard(line, frame.value);
        else if (!line.closing) line.ordered.push(this.#request(line, "", {}));
        events.frame(frame);
      },
      taken: (mark) => {
        if (!line.silent) for (const push of line.take(mark)) this.#tell("taken", line, push);
        events.taken(mark);
      },
      ended: () => {
        if (!line.silent) this.#tell("ended", line);
        events.ended();
      },
      closed: () => {
        this.#closed(line);
        events.closed();
      },
    });
  }

  /** Observes pushes that go to a client's own port. */
  dialler(real: Dialler): Dialler {
    return {
      dial: (call, done) => {
        const { address, port, line: text } = call;
        const line = new Connection(`d${(this.#count += 1)}`, { address, secure: false, peerKey: undefined, port });
        this.#lines.add(line);
        line.user = this.#bench.userAtPort(port);
        const push = this.#pushed(line, JSON.parse(text) as JsonObject);
        real.dial(call, (result) => {
          if (!line.silent && result.taken) this.#tell("taken", line, push);
          if (!line.silent && result.answer) this.#tell("pushAnswered", line, push, result.answer);
          done(result);
        });
      },
    };
  }

  /** The process of the server ended: unanswered requests will never be answered. */
  serverGone(): void {
    for (const line of this.#lines) line.silent = true;
    for (const line of this.#open) this.#closed(line, true);
    this.#lines.clear();
    for (const judge of this.#judges) judge.serverGone?.();
  }

  /** Reports requests that have been waiting for too long. */
  checkAnswers(): void {
    for (const line of this.#open) {
      for (const request of [...line.named.values(), ...line.ordered]) {
        if (line.closing || this.#bench.nowMs - request.atMs < longestAnswerMs) continue;
        this.#bench.violation(`${line.name} has no answer to ${JSON.stringify(request.body)}`);
      }
    }
  }

  #heard(line: Connection, body: JsonObject): void {
    if (line.silent) return;
    this.#bench.note(`${line.name} ${line.user ?? "?"} > ${JSON.stringify(body)}`);
    if (line.closing) return;
    const envelope = readEnvelope(body);
    if (envelope.kind === "answer") {
      if (envelope.id === undefined) line.unnamedAnswers += 1;
      const push = envelope.id === undefined ? line.pushes[line.unnamedAnswers - 1] : line.byId.get(envelope.id);
      if (push) this.#tell("pushAnswered", line, push, body);
      return;
    }
    const request = this.#request(line, envelope.kind === "request" ? envelope.type : "", body, envelope.id);
    if (envelope.id === undefined) line.ordered.push(request);
    else line.named.set(envelope.id, request);
    this.#tell("request", line, request);
  }

  #request(line: Connection, type: string, body: JsonObject, id?: RequestId): Request {
    const user = this.#tokens.get(String(body["token"])) ?? line.user;
    return { type, id, body, atMs: this.#bench.nowMs, user };
  }

  #sent(line: Connection, text: string): void {
    if (line.silent) return;
    this.#bench.note(`${line.name} ${line.user ?? "?"} < ${text}`);
    const body = JSON.parse(text) as JsonObject;
    if (typeof body["type"] === "string") {
      this.#pushed(line, body);
      return;
    }
    const id = body["id"] as RequestId | undefined;
    const request = id === undefined ? line.ordered.shift() : line.named.get(id);
    if (!request) {
      this.#bench.violation(`${line.name} was sent an answer that nothing asked for: ${text}`);
      return;
    }
    if (id !== undefined) line.named.delete(id);
    if (request.type === "auth" && body["result"] === "ok") {
      line.user = String(body["username"]);
      line.auth = request.body;
      this.#tokens.set(String(body["token"]), line.user);
    }
    this.#tell("answered", line, request, body);
    if (request.type === "logout" && body["result"] === "ok" && request.user === line.user) line.user = undefined;
  }

  #pushed(line: Connection, body: JsonObject): Push {
    const push = { type: String(body["type"]), body, atMs: this.#bench.nowMs };
    line.add(push);
    this.#tell("pushed", line, push);
    return push;
  }

  #closed(line: Connection, killed = false): void {
    if (!this.#open.has(line)) return;
    this.#open.delete(line);
    line.closing = true;
    this.#bench.note(`${line.name} ${line.user ?? "?"} closed`);
    this.#tell("closed", line, killed);
  }

  #tell<K extends Exclude<keyof Judge, "serverGone">>(what: K, ...said: Parameters<NonNullable<Judge[K]>>): void {
    for (const judge of this.#judges) {
      const hear = judge[what] as ((...said: Parameters<NonNullable<Judge[K]>>) => void) | undefined;
      hear?.apply(judge, said);
    }
  }
}
