// Stores the draft with the daemon, so that every window has it, once nothing has been typed for a moment. The page's own
// state has it at once, in case the daemon does not; VS Code may restore an old copy of that state, so the draft's revision
// shows which one is newer.

import type { ToPanel } from "../../protocol/page/page-messages.ts";
import type { ExtensionHost } from "./extension-host.ts";

const pauseMs = 400;

export class DraftKeeper {
  readonly #host: ExtensionHost;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The draft was written on this page, not restored with its state. */
  #writtenHere = false;

  constructor(host: ExtensionHost) {
    this.#host = host;
  }

  /** Records a changed draft; the daemon gets it soon. */
  keep(draft: string): void {
    this.#change(draft);
    this.#timer = setTimeout(() => this.#flush(), pauseMs);
  }

  /** Records that the draft was sent; the daemon gets that at once. */
  clear(): void {
    this.#change("");
    this.#flush();
  }

  /** Receives the daemon's draft. True if the composer should show it, because nothing newer was written here. */
  take({ account, text, revision, kept }: Extract<ToPanel, { kind: "draft" }>): boolean {
    const { state } = this.#host;
    if (account !== state.account) return false;
    if (kept === true) {
      this.#host.setState({ revision, ...(text === state.draft && { dirty: undefined, handed: undefined }) });
      return false;
    }
    const own = state.revision ?? 0;
    // A killed daemon may have lost the last draft it got, and may not have confirmed one that it stored.
    const isOlder = own >= revision || text === state.handed;
    const newer = state.dirty === true ? this.#writtenHere || isOlder : own > revision;
    if (newer) {
      this.#host.setState({ dirty: true, revision });
      this.#flush();
      return false;
    }
    this.#host.setState({ draft: text, dirty: undefined, handed: undefined, revision });
    return text !== state.draft;
  }

  /** Switches to another account's draft, which was not written just now. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#writtenHere = false;
  }

  #change(draft: string): void {
    clearTimeout(this.#timer);
    this.#writtenHere = true;
    this.#host.setState({ draft, dirty: true });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    const { account, draft: text, dirty } = this.#host.state;
    if (account === undefined || dirty !== true) return;
    this.#host.setState({ handed: text });
    this.#host.post({ kind: "draft", account, text });
  }
}
