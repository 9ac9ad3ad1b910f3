// Stand-ins for the daemon and for data, for tests of code without vscode.

import type { EditorNotification, EditorRequest, Outcome } from "../../../protocol/api/declare.ts";
import type { ConsentRequest } from "../../../protocol/api/direct.ts";
import type { Account, ChatMessage, Contact, SessionState } from "../../../protocol/api/model.ts";
import { failure } from "../../../protocol/errors.ts";
import type { Daemon, DaemonLinkState } from "../../../extension/daemon-client/port.ts";
import type { SetTimer } from "../../../extension/ui/signal.ts";
import type { Log } from "../../../extension/ui/log.ts";
import { Emitter } from "../../../extension/ui/signal.ts";
import type { Disposable } from "../../../extension/ui/signal.ts";

/** No timer ever fires. */
export const noTimer: SetTimer = () => ({ dispose: () => undefined });

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export interface Asked {
  readonly method: string;
  readonly params: unknown;
}

type Answerer = (params: never) => unknown;

/** Returns the answer in `answers` for a method, or refuses; records every request. */
export class DaemonStandIn implements Daemon {
  link: DaemonLinkState = { state: "connected" };
  speaker: Account | undefined;
  readonly linkChanged = new Emitter<DaemonLinkState>();
  readonly asked: Asked[] = [];
  readonly answers = new Map<string, Answerer>();
  readonly #listeners = new Map<string, Emitter<unknown>>();

  answer<Params, Result>(
    declared: EditorRequest<Params, Result>,
    answerer: (params: Params) => Outcome<Result> | Promise<Outcome<Result>>,
  ): void {
    this.answers.set(declared.method, answerer);
  }

  request<Params, Result>(declared: EditorRequest<Params, Result>, params: Params): Promise<Outcome<Result>> {
    this.asked.push({ method: declared.method, params });
    const answerer = this.answers.get(declared.method) as ((params: Params) => Outcome<Result>) | undefined;
    return Promise.resolve(answerer ? answerer(params) : failure("unavailable"));
  }

  notify<Params>(declared: EditorNotification<Params>, params: Params): void {
    this.asked.push({ method: declared.method, params });
  }

  on<Params>(declared: EditorNotification<Params>, listener: (params: Params) => void): Disposable {
    const emitter = this.#listeners.get(declared.method) ?? new Emitter<unknown>();
    this.#listeners.set(declared.method, emitter);
    return emitter.on((params) => listener(params as Params));
  }

  connectNow(): void {
    this.asked.push({ method: "connectNow", params: undefined });
  }

  /** Sends a notification. */
  tell<Params>(declared: EditorNotification<Params>, params: Params): void {
    this.#listeners.get(declared.method)?.fire(params);
  }

  setLink(link: DaemonLinkState): void {
    this.link = link;
    this.linkChanged.fire(link);
  }

  askedFor(method: string): unknown[] {
    return this.asked.filter((each) => each.method === method).map((each) => each.params);
  }
}

export const connectedSession: SessionState = {
  state: "connected",
  account: { user: "bob", server: "127.0.0.1:8765" },
};

/** Another account that a person may switch to in the middle of something. */
export const erin: SessionState = { state: "connected", account: { server: "127.0.0.1:8765", user: "erin" } };

export function person(name: string, changes: Partial<Contact> = {}): Contact {
  return {
    conversation: `user:${name}`,
    name,
    presence: "available",
    blocked: false,
    muted: false,
    unread: 0,
    ...changes,
  };
}

/** Somebody who asks to talk directly and for whom the server vouches. */
export function question(user: string, changes: Partial<ConsentRequest> = {}): ConsentRequest {
  return {
    id: `question-${user}`,
    user,
    key: "A".repeat(43),
    ip: "192.168.1.7",
    vouched: true,
    keyChanged: false,
    expiresAtMs: 30_000,
    ...changes,
  };
}

export const everyone: Contact = { ...person(""), conversation: "everyone" };

export function message(seq: number, changes: Partial<ChatMessage> = {}): ChatMessage {
  const own = changes.own ?? false;
  return {
    conversation: "user:alice",
    seq,
    mid: `mid-${seq}`,
    from: own ? "bob" : "alice",
    own,
    text: `text ${seq}`,
    sentAtMs: 1_700_000_000_000 + seq * 1_000,
    state: own ? "delivered" : "received",
    ...changes,
  };
}

/** Runs everything that is ready to run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
