// Keeps the draft with the daemon, so that every window has it: hands it over when nothing was typed for a moment. The
// page's own state has it at once, in case the daemon does not; VS Code may give an old copy of that state back, so the
// draft's revision tells which one is newer.

import type { ToPanel } from "../../protocol/page/page-messages.ts";
import type { ExtensionHost } from "./extension-host.ts";

const pauseMs = 400;

export class DraftKeeper {
  readonly #host: ExtensionHost;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** It was written on this page, and did not come with its state. */
  #writtenHere = false;

  constructor(host: ExtensionHost) {
    this.#host = host;
  }

  /** The draft is another one; the daemon is told soon. */
  keep(draft: string): void {
    this.#change(draft);
    this.#timer = setTimeout(() => this.#flush(), pauseMs);
  }

  /** The draft was sent; the daemon is told at once. */
  clear(): void {
    this.#change("");
    this.#flush();
  }

  /** Takes what the daemon has. True if the composer is to show it, because nothing newer was written here. */
  take({ account, text, revision, kept }: Extract<ToPanel, { kind: "draft" }>): boolean {
    const { state } = this.#host;
    if (account !== state.account) return false;
    if (kept === true) {
      this.#host.setState({ revision, ...(text === state.draft && { dirty: undefined, handed: undefined }) });
      return false;
    }
    const own = state.revision ?? 0;
    // A daemon that was killed may have lost what it was given last; what it was given, it may not have said yet.
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

  /** The draft is another account's, and was not written just now. */
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
