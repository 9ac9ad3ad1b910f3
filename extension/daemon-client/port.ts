// The daemon as the rest of the extension sees it: typed requests that always resolve, typed notifications, and the state
// of the connection. No vscode, so that everything above it can be tested with a stand-in.

import type { EditorNotification, EditorRequest, Outcome } from "../../protocol/api/declare.ts";
import type { Account } from "../../protocol/api/model.ts";
import type { Disposable, Signal } from "../ui/signal.ts";

/** `down`: several attempts failed. Attempts continue, but a person should know. */
export type DaemonLinkState =
  | { readonly state: "connecting" }
  | { readonly state: "connected" }
  | { readonly state: "down"; readonly reason: string };

export interface Daemon {
  readonly link: DaemonLinkState;
  readonly linkChanged: Signal<DaemonLinkState>;
  /** The account sent with requests that act in an account's name; see `spoken`. */
  speaker: Account | undefined;
  /** Never rejects: a lost connection or a late answer is a failure with the code `unavailable`. */
  request<Params, Result>(
    declared: EditorRequest<Params, Result>,
    params: Params,
    deadlineMs?: number,
  ): Promise<Outcome<Result>>;
  /** Dropped while there is no connection. */
  notify<Params>(declared: EditorNotification<Params>, params: Params): void;
  on<Params>(declared: EditorNotification<Params>, listener: (params: Params) => void): Disposable;
  /** Tries now instead of at the end of the back-off. */
  connectNow(): void;
}

/**
 * Waits while the connection is being opened. Resolves with false once several attempts have failed and a person should
 * decide.
 */
export function isReached(daemon: Daemon): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const check = ({ state }: DaemonLinkState): void => {
    if (state === "connecting") return;
    following.dispose();
    resolve(state === "connected");
  };
  const following = daemon.linkChanged.on(check);
  check(daemon.link);
  return promise;
}
