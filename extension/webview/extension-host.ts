// The webview's end of the channel to the extension host, and the state that survives this webview.

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

export interface ExtensionHost {
  readonly post: (message: Untokened<FromPanel>) => void;
  onMessage(listener: (message: ToPanel) => void): void;
  readonly state: PanelState;
  /** Undefined takes a field away. */
  setState(change: StateChange): void;
}

/** Once a page: VS Code gives its API out once. */
export function connectHost(): ExtensionHost {
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
    onMessage: (listener) => {
      window.addEventListener("message", (event: MessageEvent<unknown>) => {
        if (event.origin !== window.origin) return;
        const message = readPosted(toPanel, event.data);
        if (message !== undefined) listener(message);
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
