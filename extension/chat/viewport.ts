// Which part of its conversation's history a panel shows. It is read as soon as the webview is ready and the daemon has
// reported who is signed in, read again over a new connection, and moved as the person scrolls. One account never sees what
// was read for another. No vscode.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { draft } from "../../protocol/api/conversation.ts";
import type { FromPanel, MessageWindow } from "../../protocol/page/page-messages.ts";
import type { Daemon } from "../daemon-client/port.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import type { WebviewChannel } from "./webview-channel.ts";
import type { HistoryLoader } from "./history-loader.ts";

export interface ViewportOptions {
  readonly daemon: Daemon;
  readonly store: SessionStore;
  readonly conversation: ConversationId;
  readonly loader: HistoryLoader;
  readonly channel: WebviewChannel;
  /** The account of the history; empty while none is known. */
  readonly account: () => string;
}

export class Viewport {
  readonly #options: ViewportOptions;
  /** Whether the webview shows messages of the current account, read over the current connection. */
  #loaded = false;
  #loading: Promise<void> | undefined;
  /** The message on top of the panel; undefined while the newest is in view. */
  #anchor: number | undefined;
  /** The message to go to, requested from outside the panel. */
  #top: number | "unread" | undefined;
  #newFrom: number | undefined;
  /** Whether the person marked it as unread; it stays so until they look away, write, or mark it as read. */
  #isKeptUnread = false;

  constructor(options: ViewportOptions) {
    this.#options = options;
  }

  /** Loads for a new webview. @param anchor the message on top when it was last drawn */
  begin(anchor: number | undefined): Promise<void> {
    this.#anchor = anchor;
    return this.#load();
  }

  /** Reads again, because the connection or the account has changed or is gone. */
  again(): void {
    this.#loaded = false;
    this.#options.loader.outdated();
    void this.#load();
  }

  /** Forgets what was read and shown, because it belongs to another account. */
  forget(): void {
    this.#options.loader.forget();
    this.#anchor = this.#top = this.#newFrom = undefined;
  }

  /** Records that the person has scrolled. */
  place(anchor: number | undefined): void {
    this.#anchor = anchor;
  }

  get isKeptUnread(): boolean {
    return this.#isKeptUnread;
  }

  /** Clears the mark for new messages, because the person has written something or looked away. */
  forgetNew(): void {
    this.#newFrom = undefined;
    this.#isKeptUnread = false;
  }

  /** Makes everything from that message on new again, and does not mark it as read when it is visible. */
  keepUnread(seq: number): void {
    this.#newFrom = seq;
    this.#isKeptUnread = true;
    this.#options.loader.outdated();
    this.#options.channel.post({ kind: "kept", newFrom: seq });
  }

  /** To be called when the conversation is marked as read, here or in another window. */
  readElsewhere(): void {
    this.#isKeptUnread = false;
  }

  /** Shows a message that the person has just written, and clears the mark for new messages. */
  showSent(message: ChatMessage): void {
    this.forgetNew();
    const known = this.#options.loader.message((each) => each.seq === message.seq);
    // The daemon notifies every window, including the one that asked.
    if (JSON.stringify(known) !== JSON.stringify(message)) this.change([message]);
  }

  /** Goes to a message, or to the first unread one, now or as soon as there is a webview. */
  show(seq: number | "unread"): Promise<void> {
    this.#top = seq;
    return this.#load();
  }

  async older(before: number): Promise<void> {
    const { loader, channel } = this.#options;
    const page = await this.#ours(loader.before(before));
    if (page) channel.post({ kind: "older", before, messages: [...page.messages], more: page.more });
  }

  async newer(after: number): Promise<void> {
    const { loader, channel } = this.#options;
    const page = await this.#ours(loader.after(after));
    if (page) channel.post({ kind: "newer", after, messages: [...page.messages], more: page.more });
  }

  async go({ to, seq }: Extract<FromPanel, { kind: "go" }>): Promise<void> {
    const { loader } = this.#options;
    const target = to === "seq" ? seq : to === "unread" ? this.#newFrom : undefined;
    const window = await this.#ours<MessageWindow>(target === undefined ? loader.newest(0) : loader.around(target));
    if (window) this.#post(window, target);
  }

  /** Passes on messages that are new or look different. */
  change(messages: readonly ChatMessage[]): void {
    const { loader, channel } = this.#options;
    if (messages.length > 0) loader.outdated();
    if (messages.length === 0 || !this.#loaded) return;
    loader.remember(messages);
    channel.post({ kind: "changed", messages: [...messages] });
  }

  postDraft({ text, revision }: { readonly text: string; readonly revision: number }): void {
    const account = this.#options.account();
    if (account !== "") this.#options.channel.post({ kind: "draft", account, text, revision });
  }

  /** Runs one read at a time; a call during a read causes another one afterwards. */
  async #load(): Promise<void> {
    const before = this.#loading;
    const loading = (before ?? Promise.resolve()).then(() => this.#read());
    this.#loading = loading;
    await loading;
    if (this.#loading === loading) this.#loading = undefined;
  }

  async #read(): Promise<void> {
    const { daemon, store, conversation, loader, channel, account } = this.#options;
    if (!channel.isOpen || !store.isTold) return; // read as soon as both are true
    if (account() === "") return; // no account yet; read after a sign-in
    const whose = account();
    const unread = store.contact(conversation)?.unread ?? 0;
    const top = this.#top;
    const place = top === "unread" ? undefined : (top ?? this.#anchor);
    const around = place === undefined ? undefined : await loader.around(place);
    const newest = around?.ok === true && unread === 0 ? undefined : await loader.newest(unread);
    const outcome = newest === undefined || around?.ok === true ? around : newest;
    if (whose !== account()) return; // read again for the new account
    if (outcome?.ok !== true) {
      if (outcome) channel.post({ kind: "unreadable", reason: outcome.reason });
      return;
    }
    this.#loaded = true;
    if (this.#top === top) this.#top = undefined;
    if (newest?.ok === true) this.#newFrom ??= newest.newFrom;
    this.#post(outcome, top === "unread" ? this.#newFrom : top);
    const kept = await daemon.request(draft, { conversation });
    if (kept.ok && whose === account()) this.postDraft(kept);
  }

  /**
   * Resolves with the result, or with undefined if it was refused, which is reported, or the account has changed meanwhile.
   */
  async #ours<T>(asked: Promise<Outcome<T>>): Promise<T | undefined> {
    const { account, channel } = this.#options;
    const whose = account();
    const outcome = await asked;
    channel.postRefusal(outcome);
    return outcome.ok && whose === account() ? outcome : undefined;
  }

  #post({ messages, more, moreAfter }: MessageWindow, top?: number): void {
    this.#options.channel.post({
      kind: "loaded",
      messages: [...messages],
      more,
      moreAfter,
      ...(this.#newFrom !== undefined && { newFrom: this.#newFrom }),
      ...(top !== undefined && { top }),
    });
  }
}
