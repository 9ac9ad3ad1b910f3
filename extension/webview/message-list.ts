// The messages that are loaded and drawn: accepts windows of the history and changes from the host, asks it for more, goes
// to a message, and reports the reading position and which messages were seen.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { MessageWindow, ToPanel } from "../../protocol/page/page-messages.ts";
import type { ExtensionHost } from "./extension-host.ts";
import type { PageContext } from "./kinds/kind.ts";
import { SeenReport } from "./kinds/read-mark.ts";
import { LogView } from "./log-view.ts";
import type { MessageToolbar } from "./message-toolbar.ts";
import { nothing, withChanged, withNewer, withOlder } from "./message-window.ts";
import { texts } from "./texts.ts";
import { isRefused } from "./timeline.ts";

type Told<K extends ToPanel["kind"]> = Extract<ToPanel, { kind: K }>;

/** What is written and not in the history yet. */
export interface Unsent {
  /** Nobody is signed in: the history may be shown, but nothing can be written. */
  readonly isClosed: boolean;
  /** The history is loaded: it settles texts and edits with an unknown outcome. */
  historyLoaded(messages: readonly ChatMessage[]): void;
  /** Texts drawn after the newest message, although the daemon does not have them yet. */
  onTheirWay(messages: readonly ChatMessage[]): readonly ChatMessage[];
}

export interface MessageListOptions {
  readonly host: ExtensionHost;
  readonly page: PageContext;
  readonly toolbar: MessageToolbar;
  readonly unsent: Unsent;
  /** The other person has started or stopped refusing messages. */
  readonly refused: (refuses: boolean) => void;
  /** The person moves through search results, where the focus stays. */
  readonly finding: () => boolean;
  /** The person starts to write. */
  readonly leave: () => void;
}

export class MessageList {
  readonly log: LogView;
  readonly #options: MessageListOptions;
  readonly #seen: SeenReport;
  #window: MessageWindow = nothing;
  #newFrom: number | undefined;
  #loaded = false;
  /** Why the history could not be read. */
  #trouble: string | undefined;
  /** The newest messages were requested and have not arrived yet. */
  #toEnd = false;

  constructor(options: MessageListOptions) {
    this.#options = options;
    const { page, toolbar, leave } = options;
    this.#seen = new SeenReport(page.post);
    this.log = new LogView({
      page,
      toolbar,
      leave,
      newest: () => {
        this.#toEnd = true;
        page.post({ kind: "go", to: "newest" });
      },
      moved: (anchor) => this.#moved(anchor),
    });
    document.addEventListener("visibilitychange", () => this.#tellSeen());
  }

  get messages(): readonly ChatMessage[] {
    return this.#window.messages;
  }

  get isLoaded(): boolean {
    return this.#loaded;
  }

  /** Returns the newest own message that can be edited; undefined while newer ones may not be loaded. */
  get lastOwn(): ChatMessage | undefined {
    if (this.#window.moreAfter) return undefined;
    return this.messages.findLast((each) => each.own && each.deleted !== true && each.state !== "failed");
  }

  load({ messages, more, moreAfter, newFrom, top }: Told<"loaded">): void {
    const toEnd = this.#toEnd && !moreAfter;
    const first = this.#loaded ? undefined : (this.#options.host.state.anchor ?? newFrom);
    this.#window = { messages, more, moreAfter };
    this.#newFrom = newFrom;
    this.#seen.reset();
    this.#loaded = true;
    this.#trouble = undefined;
    if (toEnd) this.#toEnd = false;
    this.#options.unsent.historyLoaded(messages);
    this.#draw(true, top ?? (toEnd ? "end" : first));
    // If it is the first new message, the person continues in the composer.
    if (top !== undefined && top !== newFrom) this.#show(top);
  }

  addOlder({ before, messages, more }: Told<"older">): void {
    if (this.messages[0]?.seq !== before) return;
    this.#window = withOlder(this.#window, messages, more);
    this.#draw(true);
  }

  addNewer({ after, messages, more }: Told<"newer">): void {
    if (this.messages.at(-1)?.seq !== after) return;
    this.#window = withNewer(this.#window, messages, more);
    this.#draw(true);
  }

  change(messages: readonly ChatMessage[]): void {
    this.#window = withChanged(this.#window, messages, this.#options.host.state.anchor);
    this.#draw(false);
  }

  fail(reason: string): void {
    this.#window = nothing;
    this.#trouble = reason;
    this.#draw(true);
  }

  /** Shows nothing until a history is loaded again, because another account or nobody is signed in. */
  forget(): void {
    this.#window = nothing;
    this.#newFrom = undefined;
    this.#trouble = undefined;
    this.#loaded = this.#toEnd = false;
    this.#draw(true);
  }

  /** Remembers a message to return to. */
  keepNew(seq: number): void {
    this.#newFrom = seq;
    this.#draw(false);
  }

  /** Redraws, because something other than the messages has changed. */
  draw(): void {
    this.#draw(false);
  }

  /** To be called if the person has written something: shows the end, and no message is new any more. */
  wrote(): void {
    this.#newFrom = undefined;
    this.log.toEnd();
  }

  goTo(seq: number): void {
    if (!this.#show(seq)) this.#options.host.post({ kind: "go", to: "seq", seq });
  }

  #show(seq: number): boolean {
    if (!this.log.goTo(seq)) return false;
    if (!this.#options.finding()) this.log.focusOn(seq);
    return true;
  }

  #draw(bulk: boolean, top?: number | "end"): void {
    const { page, unsent, refused } = this.#options;
    const refuses = isRefused(this.messages);
    if (refuses !== page.setting().whom.refuses) refused(refuses);
    const late = this.#window.moreAfter ? [] : unsent.onTheirWay(this.messages);
    const window = { ...this.#window, messages: [...this.messages, ...late] };
    const newFrom = this.#newFrom;
    this.log.draw({ window, empty: this.#emptyWords(), newFrom, bulk, top });
    this.#tellSeen();
  }

  #emptyWords(): string {
    const { page, unsent } = this.#options;
    const { whom } = page.setting();
    if (unsent.isClosed && !this.#loaded) return texts.signedOut(whom);
    if (this.#trouble !== undefined) return texts.unreadable(this.#trouble);
    return this.#loaded ? texts.empty(whom) : texts.loading;
  }

  #moved(anchor: number | undefined): void {
    if (!this.#loaded) return;
    const { host } = this.#options;
    if (anchor !== host.state.anchor) {
      host.setState({ anchor });
      host.post({ kind: "place", ...(anchor !== undefined && { anchor }) });
    }
    this.#tellSeen();
  }

  #tellSeen(): void {
    if (this.#loaded && this.log.atEnd) this.#seen.endInView(this.messages);
  }
}
