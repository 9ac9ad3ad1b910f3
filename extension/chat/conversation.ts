// The host's side of one chat panel, without vscode: puts together what reads the history, sends what is written and does
// what is wished, passes on what changes, and reports what is seen. The webview may come and go (a hidden one is
// destroyed): whatever it missed is told again at its next `ready`.

import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { historyChanged } from "../../protocol/api/removal.ts";
import { messagesChanged } from "../../protocol/api/notifications.ts";
import { markRead, markUnread } from "../../protocol/conversations/kinds/read-mark.ts";
import { draftChanged } from "../../protocol/api/conversation.ts";
import { personTyping } from "../../protocol/conversations/kinds/typing.ts";
import type { FromPanel, ToPanel } from "../../protocol/page/page-messages.ts";
import type { Daemon } from "../daemon-client/port.ts";
import { unknownContact } from "../daemon-client/session-store.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import { Disposables } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import { accountOf, headOf, isSignedIn } from "./panel-head.ts";
import { MentionNames } from "./mention-names.ts";
import { WebviewChannel } from "./webview-channel.ts";
import { HistoryLoader } from "./history-loader.ts";
import { Viewport } from "./viewport.ts";
import { Sender } from "./sender.ts";
import { MessageActions } from "./message-actions.ts";

type Talk = Exclude<FromPanel, { kind: "open" | "act" | "take" | "link" | "attach" }>;

export interface ConversationOptions {
  readonly id: ConversationId;
  /** Used until the daemon says how the name is spelled. */
  readonly name: string;
  readonly daemon: Daemon;
  readonly store: SessionStore;
  readonly post: (message: ToPanel) => void;
  /** The panel can be seen and its window has the focus. */
  readonly inSight: () => boolean;
  readonly confirmDeletion: (message: ChatMessage) => Promise<boolean>;
}

export class Conversation implements Disposable {
  readonly #options: ConversationOptions;
  readonly #disposables = new Disposables();
  readonly #channel: WebviewChannel;
  readonly #loader: HistoryLoader;
  readonly #viewport: Viewport;
  readonly #sender: Sender;
  readonly #actions: MessageActions;
  readonly #mentions: MentionNames;
  #seen = 0;
  #marked = 0;
  /** The person wants it unread, and so it stays until they look away, write, or have it marked as read. */
  #keptUnread = false;
  /** Of whom, and over which connection, all the above is. */
  #account: string;
  #isTold: boolean;
  /** The webview forgets what it shows when somebody signs in or out. */
  #isSignedIn: boolean;

  constructor(options: ConversationOptions) {
    this.#options = options;
    const { daemon, store, id, confirmDeletion } = options;
    this.#account = accountOf(store);
    this.#isTold = store.isTold;
    this.#isSignedIn = isSignedIn(store);
    const channel = (this.#channel = new WebviewChannel(options.post));
    const mentions = (this.#mentions = new MentionNames(store));
    const loader = (this.#loader = new HistoryLoader(daemon, id, (messages) => {
      mentions.meet(messages);
      channel.postNews(mentions.names());
    }));
    const shared = { daemon, store, conversation: id, loader, channel, account: () => this.#account };
    const viewport = (this.#viewport = new Viewport(shared));
    this.#sender = new Sender({
      ...shared,
      stored: (message) => this.#stored(message),
      settled: (settled) => channel.post(settled),
    });
    this.#actions = new MessageActions({
      ...shared,
      changed: (message) => viewport.change([message]),
      confirmDeletion,
    });
    this.#disposables.add(
      daemon.on(messagesChanged, ({ messages }) =>
        viewport.change(messages.filter((each) => each.conversation === id)),
      ),
      daemon.on(historyChanged, ({ conversation = id }) => {
        if (conversation === id) this.#readAnew();
      }),
      daemon.on(personTyping, ({ conversation }) => {
        if (conversation === id) channel.post({ kind: "typing" });
      }),
      daemon.on(draftChanged, ({ conversation, ...kept }) => {
        if (conversation === id) viewport.postDraft(kept);
      }),
      store.changed.on(() => {
        if (this.contact.unread === 0) this.#keptUnread = false;
        this.#follow();
        this.#postHead();
      }),
    );
    if (this.#isTold && this.#account !== "") loader.readAhead(this.contact.unread);
  }

  get contact(): Contact {
    return this.#options.store.contact(this.#options.id) ?? unknownContact(this.#options.id, this.#options.name);
  }

  /** A message that the panel was given. */
  message(seq: number): ChatMessage | undefined {
    return this.#loader.message((each) => each.seq === seq);
  }

  /** What the webview asked for, except what needs vscode. */
  async take(message: Talk): Promise<void> {
    switch (message.kind) {
      case "ready":
        return this.#ready(message.anchor, message.pending);
      case "place":
        this.#viewport.place(message.anchor);
        return;
      case "older":
        return this.#viewport.older(message.before);
      case "newer":
        return this.#viewport.newer(message.after);
      case "go":
        return this.#viewport.go(message);
      case "send":
        return this.#sender.send(message);
      case "whom":
        this.#channel.post(this.#mentions.offer(message.typed));
        return;
      case "seen":
        // Said of a message of the account before, it would mark others as read.
        if (this.message(message.upTo) === undefined) return;
        this.#seen = Math.max(this.#seen, message.upTo);
        return this.tellSeen();
      case "unread":
        return this.#keepUnread(message.seq);
      default:
        return this.#actions.take(message);
    }
  }

  /** The webview was destroyed, or hidden, which is the same. */
  webviewGone(): void {
    this.#channel.close();
    this.#viewport.forgetNew();
    this.#keptUnread = false;
    this.#seen = 0;
  }

  /** Puts the caret into the composer. */
  focusComposer(): void {
    this.tell({ kind: "focus" });
  }

  /** For the webview, now or as soon as there is one. */
  tell(message: ToPanel): void {
    this.#channel.keep(message);
  }

  /** Goes to a message, or to the first that is new, now or as soon as there is a webview. */
  show(seq: number | "unread"): Promise<void> {
    return this.#viewport.show(seq);
  }

  /** To be called when the panel or its window comes in sight: only what a person can see is marked as read. */
  async tellSeen(): Promise<void> {
    const upTo = this.#seen;
    if (upTo <= this.#marked || this.#keptUnread || !this.#options.inSight()) return;
    this.#marked = upTo;
    const outcome = await this.#options.daemon.request(markRead, { conversation: this.#options.id, upTo });
    if (!outcome.ok) this.#marked = 0;
  }

  dispose(): void {
    this.#channel.close();
    this.#disposables.dispose();
  }

  async #ready(anchor: number | undefined, pending: readonly string[]): Promise<void> {
    this.#channel.open();
    this.#postHead();
    this.#channel.release();
    for (const settled of this.#sender.outcomesOf(pending)) this.#channel.post(settled);
    await this.#viewport.begin(anchor);
  }

  /** The daemon tells the contact, which is unread then, before it answers. */
  async #keepUnread(from: number): Promise<void> {
    const { daemon, id } = this.#options;
    const outcome = await daemon.request(markUnread, { conversation: id, from });
    if (!outcome.ok) {
      this.#channel.post({ kind: "notice", text: outcome.reason, failed: true });
      return;
    }
    this.#keptUnread = true;
    this.#marked = 0;
    this.#viewport.keepNew(from);
  }

  /** Reads again over another connection, and for another account, which is shown nothing of the one before. */
  #follow(): void {
    const { store } = this.#options;
    const account = accountOf(store);
    const isOther = account !== this.#account;
    const signedIn = isSignedIn(store);
    if (!isOther && store.isTold === this.#isTold && signedIn === this.#isSignedIn) return;
    if (isOther && (this.#isTold || this.#account !== "")) {
      this.#viewport.forget();
      this.#channel.forget();
      this.#mentions.forget();
      this.#seen = this.#marked = 0;
    }
    this.#account = account;
    this.#isTold = store.isTold;
    this.#isSignedIn = signedIn;
    this.#viewport.again();
  }

  /** What was read is not so any more: it was deleted, or stands at other positions. */
  #readAnew(): void {
    this.#seen = this.#marked = 0;
    this.#viewport.forget();
    this.#viewport.again();
  }

  #stored(message: ChatMessage): void {
    this.#keptUnread = false;
    this.#viewport.forgetNew();
    const known = this.message(message.seq);
    // The daemon tells every window, also the one that asked.
    if (JSON.stringify(known) !== JSON.stringify(message)) this.#viewport.change([message]);
  }

  #postHead(): void {
    const { store } = this.#options;
    this.#channel.postNews(headOf(store, this.contact, this.#account));
    this.#channel.postNews(this.#mentions.names());
  }
}
