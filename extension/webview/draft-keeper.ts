// Keeps the draft with the daemon, so that every window has it: hands it over when nothing was typed for a moment, and
// tells the other person now and then that something is being written. The webview's own state has it at once, for the
// case that the daemon does not.

import type { Host } from "./host.ts";

const pauseMs = 400;
const betweenSignalsMs = 3_000;

export class DraftKeeper {
  readonly #host: Host;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #signalledAtMs = Number.NEGATIVE_INFINITY;

  constructor(host: Host) {
    this.#host = host;
  }

  /** The person changed the draft. */
  typed(draft: string): void {
    this.keep(draft);
    const now = performance.now();
    if (draft.trim() === "" || draft.startsWith("/") || now - this.#signalledAtMs < betweenSignalsMs) return;
    this.#signalledAtMs = now;
    this.#host.post({ kind: "typing" });
  }

  /** The draft is another one; the daemon hears of it soon. */
  keep(draft: string): void {
    this.#host.setState({ draft, unkept: true });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), pauseMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    const { account, draft: text, unkept } = this.#host.state;
    if (account !== undefined && unkept === true) this.#host.post({ kind: "draft", account, text });
  }

  /** What the daemon has. True where the composer is to show it, because nothing newer was written here. */
  take(account: string, text: string, kept: boolean): boolean {
    const { state } = this.#host;
    if (account !== state.account) return false;
    if (kept) {
      if (text === state.draft) this.#host.setState({ unkept: undefined });
      return false;
    }
    if (state.unkept === true) {
      this.flush();
      return false;
    }
    if (text === state.draft) return false;
    this.#host.setState({ draft: text });
    return true;
  }
}
