// The page's end of the channel to the extension host, and the state that survives the page. This module runs first: it
// tells the host that the page exists. The host's answer travels while the rest of the script runs, and is handled
// afterwards: a page gets no message before its script has ended.

import { fromPanel, readPosted, toPanel } from "../../protocol/page/page-messages.ts";
import { panelState, readPanelState } from "../../protocol/page/panel-state.ts";
import type { FromPanel, ToPanel } from "../../protocol/page/page-messages.ts";
import type { PanelState } from "../../protocol/page/panel-state.ts";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

type StateChange = { readonly [K in keyof PanelState]?: PanelState[K] | undefined };
type Untokened<T> = T extends { readonly token: string } ? Omit<T, "token"> : never;

/** One handler per kind of message from the host. */
export type HostHandlers = {
  readonly [K in ToPanel["kind"]]: (message: Extract<ToPanel, { kind: K }>) => void;
};

export interface ExtensionHost {
  readonly post: (message: Untokened<FromPanel>) => void;
  /** To be called once. */
  handle(handlers: HostHandlers): void;
  readonly state: PanelState;
  /** Changes fields of the state; undefined removes one. */
  setState(change: StateChange): void;
}

/** A page can acquire VS Code's API only once. */
function connect(): ExtensionHost {
  const api = acquireVsCodeApi();
  const { token = "", conversation = "", name = "" } = document.body.dataset;
  const fresh = { conversation, name, draft: "", pending: [] };
  const first = readPanelState(api.getState()) ?? readPanelState(fresh);
  if (first === undefined) throw new Error("This page names no conversation.");
  let state = first;
  api.setState(state);
  return {
    post: (message) => {
      const whole = readPosted(fromPanel, { ...message, token });
      if (whole !== undefined) api.postMessage(whole);
    },
    handle: (handlers) => {
      window.addEventListener("message", (event: MessageEvent<unknown>) => {
        if (event.origin !== window.origin) return;
        const message = readPosted(toPanel, event.data);
        if (message !== undefined) (handlers[message.kind] as (message: ToPanel) => void)(message);
      });
    },
    get state() {
      return state;
    },
    setState: (change) => {
      state = readPosted(panelState, { ...state, ...change }) ?? state;
      api.setState(state);
    },
  };
}

export const host = connect();

const { anchor, pending } = host.state;
host.post({
  kind: "ready",
  ...(anchor !== undefined && { anchor }),
  pending: pending.map((each) => each.mid),
});
