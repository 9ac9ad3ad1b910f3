// The host's side of one chat panel, without vscode: combines the history, the kinds of events and the page's other
// requests, and passes on changes. The webview may come and go (a hidden one is destroyed): at its next `ready` it gets
// again what it has missed.

import { draftChanged } from "../../protocol/api/conversation.ts";
import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import { messagesChanged } from "../../protocol/api/notifications.ts";
import { historyChanged } from "../../protocol/api/removal.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { FromPanel, ToPanel } from "../../protocol/page/page-messages.ts";
import type { Daemon } from "../daemon-client/port.ts";
import { unknownContact } from "../daemon-client/session-store.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import { Disposables } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import { HistoryLoader } from "./history-loader.ts";
import type { Handlers } from "./kinds/kind.ts";
import { kindsOf } from "./kinds/kinds.ts";
import type { Kinds } from "./kinds/kinds.ts";
import { MentionNames } from "./mention-names.ts";
import { pageRequests } from "./page-requests.ts";
import { accountOf, headOf, isSignedIn } from "./panel-head.ts";
import { Viewport } from "./viewport.ts";
import { WebviewChannel } from "./webview-channel.ts";

/** The page's requests that need VS Code. */
export type VsCodeHandlers = Handlers<"open" | "act" | "take" | "link" | "attach">;

export interface ConversationOptions {
  readonly id: ConversationId;
  /** Used until the daemon reports the spelling of the name. */
  readonly name: string;
  readonly daemon: Daemon;
  readonly store: SessionStore;
  readonly post: (message: ToPanel) => void;
  /** Whether the panel is visible and its window has the focus. */
  readonly inSight: () => boolean;
  readonly confirmDeletion: (message: ChatMessage) => Promise<boolean>;
  readonly vscode: VsCodeHandlers;
}

export class Conversation implements Disposable {
  readonly #options: ConversationOptions;
  readonly #disposables = new Disposables();
  readonly #channel: WebviewChannel;
  readonly #loader: HistoryLoader;
  readonly #viewport: Viewport;
  readonly #mentions: MentionNames;
  readonly #kinds: Kinds;
  readonly #handlers: Handlers<FromPanel["kind"]>;
  /** The account of the conversation; below, whether the daemon has reported it and whether somebody is signed in. */
  #account: string;
  #isTold: boolean;
  /** Drops what the webview shows when somebody signs in or out. */
  #isSignedIn: boolean;

  constructor(options: ConversationOptions) {
    this.#options = options;
    const { daemon, store, id, inSight, confirmDeletion } = options;
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
    const panel = { ...shared, viewport, inSight, confirmDeletion, disposables: this.#disposables };
    this.#kinds = kindsOf(panel);
    this.#handlers = {
      ...options.vscode,
      ...this.#kinds,
      ...pageRequests(panel),
      ready: (message) => this.#ready(message.anchor, message.pending),
      place: ({ anchor }) => viewport.place(anchor),
      older: ({ before }) => viewport.older(before),
      newer: ({ after }) => viewport.newer(after),
      go: (message) => viewport.go(message),
      whom: ({ typed }) => channel.post(mentions.offer(typed)),
    };
    this.#disposables.add(
      daemon.on(messagesChanged, ({ messages }) =>
        viewport.change(messages.filter((each) => each.conversation === id)),
      ),
      daemon.on(historyChanged, ({ conversation = id }) => {
        if (conversation === id) this.#readAnew();
      }),
      daemon.on(draftChanged, ({ conversation, ...kept }) => {
        if (conversation === id) viewport.postDraft(kept);
      }),
      store.changed.on(() => {
        if (this.contact.unread === 0) viewport.readElsewhere();
        this.#follow();
        this.#postHead();
      }),
    );
    if (this.#isTold && this.#account !== "") loader.readAhead(this.contact.unread);
  }

  get contact(): Contact {
    return this.#options.store.contact(this.#options.id) ?? unknownContact(this.#options.id, this.#options.name);
  }

  /** Returns a message that the panel has received. */
  message(seq: number): ChatMessage | undefined {
    return this.#loader.message((each) => each.seq === seq);
  }

  /** Handles a request of the page. */
  async take(message: FromPanel): Promise<void> {
    await (this.#handlers[message.kind] as (message: FromPanel) => Promise<void> | void)(message);
  }

  /** To be called when the webview is destroyed; hiding it destroys it too. */
  webviewGone(): void {
    this.#channel.close();
    this.#viewport.forgetNew();
    this.#kinds.forgetSeen();
  }

  /** Puts the caret into the composer. */
  focusComposer(): void {
    this.tell({ kind: "focus" });
  }

  /** Sends a message to the webview, now or as soon as there is one. */
  tell(message: ToPanel): void {
    this.#channel.keep(message);
  }

  /** Goes to a message, or to the first unread one, now or as soon as there is a webview. */
  show(seq: number | "unread"): Promise<void> {
    return this.#viewport.show(seq);
  }

  /** To be called when the panel or its window becomes visible: only visible messages are marked as read. */
  markSeen(): Promise<void> {
    return this.#kinds.markSeen();
  }

  dispose(): void {
    this.#channel.close();
    this.#disposables.dispose();
  }

  async #ready(anchor: number | undefined, pending: readonly string[]): Promise<void> {
    this.#channel.open();
    this.#postHead();
    this.#channel.release();
    for (const settled of this.#kinds.outcomesOf(pending)) this.#channel.post(settled);
    await this.#viewport.begin(anchor);
  }

  /** Reads again over another connection, or for another account, which never sees the previous one's messages. */
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
      this.#kinds.forgetMarks();
    }
    this.#account = account;
    this.#isTold = store.isTold;
    this.#isSignedIn = signedIn;
    this.#viewport.again();
  }

  /** Reads again, because the history was deleted or now has other positions. */
  #readAnew(): void {
    this.#kinds.forgetMarks();
    this.#viewport.forget();
    this.#viewport.again();
  }

  #postHead(): void {
    const { store } = this.#options;
    this.#channel.postNews(headOf(store, this.contact, this.#account));
    this.#channel.postNews(this.#mentions.names());
  }
}
