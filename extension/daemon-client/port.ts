// The daemon as the rest of the extension sees it: typed requests that always answer, typed notifications, and whether
// there is a connection at all. No vscode, so that everything above it can be tested with a stand-in.

import type { EditorNotification, EditorRequest, Outcome } from "../../protocol/api/declare.ts";
import type { Account } from "../../protocol/api/model.ts";
import type { Disposable, Signal } from "../ui/signal.ts";

/** `down`: several attempts failed; it is still tried, but a person should know. */
export type DaemonLinkState =
  | { readonly state: "connecting" }
  | { readonly state: "connected" }
  | { readonly state: "down"; readonly reason: string };

export interface Daemon {
  readonly link: DaemonLinkState;
  readonly linkChanged: Signal<DaemonLinkState>;
  /** Said with what is asked in the name of an account; see `spoken`. */
  speaker: Account | undefined;
  /** Never rejects: a lost connection or a late answer is a refusal with the code `unavailable`. */
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

/** Waits while the connection is being opened. False once several attempts have failed: a person should decide. */
export function isReached(daemon: Daemon): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const look = ({ state }: DaemonLinkState): void => {
    if (state === "connecting") return;
    following.dispose();
    resolve(state === "connected");
  };
  const following = daemon.linkChanged.on(look);
  look(daemon.link);
  return promise;
}
