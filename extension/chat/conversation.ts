// The host's side of one chat panel, without vscode: hands out stretches of the history, passes on what changes, sends what
// is written and reports what is seen. The webview may come and go (a hidden one is destroyed): whatever it missed is told
// again at its next `ready`, and the outcome of a sending is kept until a webview has taken it.

import type { Outcome } from "../../protocol/editor/declare.ts";
import type { ChatMessage, Contact, ConversationId } from "../../protocol/editor/model.ts";
import { messagesChanged } from "../../protocol/editor/notifications.ts";
import { markRead } from "../../protocol/editor/requests.ts";
import { draft, draftChanged, personTyping } from "../../protocol/editor/talk.ts";
import type { FromPanel, ToPanel } from "../../protocol/panel/messages.ts";
import type { Daemon } from "../daemon-client/port.ts";
import { unknownContact } from "../room.ts";
import type { Room } from "../room.ts";
import { Disposables } from "../signal.ts";
import type { Disposable } from "../signal.ts";
import { accountOf, headOf, namesOf } from "./head.ts";
import { Pages } from "./pages.ts";
import type { Stretch } from "./pages.ts";
import { Sender } from "./sender.ts";
import { Wishes } from "./wishes.ts";

type Talk = Exclude<FromPanel, { kind: "open" | "act" | "take" | "attach" }>;
type Going = Extract<FromPanel, { kind: "go" }>;

export interface ConversationOptions {
  readonly id: ConversationId;
  /** Used until the daemon says how the name is spelled. */
  readonly name: string;
  readonly daemon: Daemon;
  readonly room: Room;
  readonly post: (message: ToPanel) => void;
  /** The panel can be seen and its window has the focus. */
  readonly inSight: () => boolean;
  readonly confirmRemoval: (message: ChatMessage) => Promise<boolean>;
}

export class Conversation implements Disposable {
  readonly #options: ConversationOptions;
  readonly #disposables = new Disposables();
  readonly #pages: Pages;
  readonly #sender: Sender;
  readonly #wishes: Wishes;
  /** A webview is there and wants to be told. */
  #drawn = false;
  /** False until the history was read over the present connection. */
  #loaded = false;
  #loading: Promise<void> | undefined;
  /** The message on top of the panel; undefined while the newest is in view. */
  #anchor: number | undefined;
  /** Where somebody outside of the panel wants it to be. */
  #top: number | undefined;
  #newFrom: number | undefined;
  #seen = 0;
  #marked = 0;
  /** Kept until a webview can take them. */
  #waiting: ToPanel[] = [];
  /** What the webview was told last of what is told again and again. */
  readonly #told = new Map<ToPanel["kind"], string>();
  /** Whose history was read: another account has another one. */
  #account: string;

  constructor(options: ConversationOptions) {
    this.#options = options;
    const { daemon, room, id, confirmRemoval } = options;
    const account = (): string => this.#account;
    const post = (message: ToPanel): void => this.#post(message);
    this.#pages = new Pages(daemon, id);
    this.#sender = new Sender({
      daemon,
      conversation: id,
      account,
      stored: (message) => this.#stored(message),
      settled: post,
    });
    const changed = (message: ChatMessage): void => this.#change([message]);
    this.#wishes = new Wishes({ daemon, conversation: id, pages: this.#pages, account, post, changed, confirmRemoval });
    this.#disposables.add(
      daemon.on(messagesChanged, ({ messages }) => this.#change(messages.filter((each) => each.conversation === id))),
      daemon.on(personTyping, ({ conversation }) => {
        if (conversation === id) post({ kind: "typing" });
      }),
      daemon.on(draftChanged, ({ conversation, ...kept }) => {
        if (conversation === id) this.#postDraft(kept);
      }),
      daemon.linkChanged.on((link) => {
        this.#pages.outdated();
        if (link.state !== "connected") this.#loaded = false;
        else if (this.#drawn) void this.#load();
      }),
      room.changed.on(() => {
        this.#followAccount();
        this.#postHead();
      }),
    );
    this.#account = accountOf(room);
    if (daemon.link.state === "connected" && this.#account !== "") this.#pages.readAhead(this.contact.unread);
  }

  get contact(): Contact {
    return this.#options.room.contact(this.#options.id) ?? unknownContact(this.#options.id, this.#options.name);
  }

  /** A message that the panel was given. */
  message(seq: number): ChatMessage | undefined {
    return this.#pages.message((each) => each.seq === seq);
  }

  /** What the webview asked for, except what needs vscode. */
  take(message: Talk): Promise<void> {
    switch (message.kind) {
      case "ready":
        return this.#ready(message.anchor, message.pending);
      case "place":
        this.#anchor = message.anchor;
        return Promise.resolve();
      case "older":
        return this.#older(message.before);
      case "newer":
        return this.#newer(message.after);
      case "go":
        return this.#go(message);
      case "send":
        return this.#sender.send(message);
      case "seen":
        this.#seen = Math.max(this.#seen, message.upTo);
        return this.tellSeen();
      default:
        return this.#wishes.take(message);
    }
  }

  /** The webview was destroyed, or hidden, which is the same. */
  webviewGone(): void {
    this.#drawn = false;
    this.#newFrom = undefined;
  }

  /** Puts the caret into the composer. */
  focusComposer(): void {
    this.tell({ kind: "focus" });
  }

  /** For the webview, now or as soon as there is one. */
  tell(message: ToPanel): void {
    if (this.#drawn) this.#options.post(message);
    else
      this.#waiting = [...this.#waiting.filter((each) => each.kind !== "focus" || message.kind !== "focus"), message];
  }

  /** Goes to a message, now or as soon as there is a webview. */
  async show(seq: number): Promise<void> {
    this.#top = seq;
    if (this.#drawn) await this.#load();
  }

  /** To be called when the panel or its window comes in sight: only what a person can see is marked as read. */
  async tellSeen(): Promise<void> {
    const upTo = this.#seen;
    if (upTo <= this.#marked || !this.#options.inSight()) return;
    this.#marked = upTo;
    const outcome = await this.#options.daemon.request(markRead, { conversation: this.#options.id, upTo });
    if (!outcome.ok) this.#marked = 0;
  }

  /** A webview that is gone for good must not be posted to: VS Code throws. */
  dispose(): void {
    this.#drawn = false;
    this.#disposables.dispose();
  }

  async #ready(anchor: number | undefined, pending: readonly string[]): Promise<void> {
    this.#drawn = true;
    this.#anchor = anchor;
    this.#told.clear();
    this.#postHead();
    for (const message of this.#waiting.splice(0)) this.#post(message);
    for (const settled of this.#sender.outcomesOf(pending)) this.#post(settled);
    await this.#load();
  }

  #followAccount(): void {
    const account = accountOf(this.#options.room);
    if (account === this.#account) return;
    this.#account = account;
    this.#loaded = false;
    this.#pages.forget();
    this.#anchor = this.#newFrom = undefined;
    this.#seen = this.#marked = 0;
    if (this.#drawn) void this.#load();
  }

  /** One reading at a time; whoever asks meanwhile gets another one behind it. */
  async #load(): Promise<void> {
    const before = this.#loading;
    const loading = (before ?? Promise.resolve()).then(() => this.#read());
    this.#loading = loading;
    await loading;
    if (this.#loading === loading) this.#loading = undefined;
  }

  async #read(): Promise<void> {
    const { daemon, id, room } = this.#options;
    if (daemon.link.state !== "connected") return; // read as soon as it is
    if (room.session?.state === "signedOut") return; // nobody's history; read for whoever signs in
    const account = this.#account;
    const { unread } = this.contact;
    const top = this.#top;
    const place = top ?? this.#anchor;
    const around = place === undefined ? undefined : await this.#pages.around(place);
    const newest = around?.ok === true && unread === 0 ? undefined : await this.#pages.newest(unread);
    const outcome = newest === undefined || around?.ok === true ? around : newest;
    if (account !== this.#account) return; // read again for the account that came
    if (outcome?.ok !== true) {
      if (outcome) this.#post({ kind: "unreadable", reason: outcome.reason });
      return;
    }
    this.#loaded = true;
    this.#top = undefined;
    if (newest?.ok === true) this.#newFrom ??= newest.newFrom;
    this.#postLoaded(outcome, top);
    const kept = await daemon.request(draft, { conversation: id });
    if (kept.ok && account === this.#account) this.#postDraft(kept);
  }

  async #older(before: number): Promise<void> {
    const page = await this.#ours(this.#pages.before(before));
    if (page) this.#post({ kind: "older", before, messages: [...page.messages], more: page.more });
  }

  async #newer(after: number): Promise<void> {
    const page = await this.#ours(this.#pages.after(after));
    if (page) this.#post({ kind: "newer", after, messages: [...page.messages], more: page.more });
  }

  async #go({ to, seq }: Going): Promise<void> {
    const target = to === "seq" ? seq : to === "unread" ? this.#newFrom : undefined;
    const stretch = await this.#ours<Stretch>(
      target === undefined ? this.#pages.newest(0) : this.#pages.around(target),
    );
    if (stretch) this.#postLoaded(stretch, target);
  }

  /** What was asked for, unless it was refused, which is said, or another account is signed in by then. */
  async #ours<T>(asked: Promise<Outcome<T>>): Promise<T | undefined> {
    const account = this.#account;
    const outcome = await asked;
    if (outcome.ok) return account === this.#account ? outcome : undefined;
    this.#post({ kind: "said", text: outcome.reason, failed: true });
    return undefined;
  }

  #change(messages: readonly ChatMessage[]): void {
    if (messages.length > 0) this.#pages.outdated();
    if (messages.length === 0 || !this.#loaded) return;
    this.#pages.remember(messages);
    this.#post({ kind: "changed", messages: [...messages] });
  }

  #stored(message: ChatMessage): void {
    this.#newFrom = undefined;
    const known = this.message(message.seq);
    // The daemon tells every window, also the one that asked.
    if (JSON.stringify(known) !== JSON.stringify(message)) this.#change([message]);
  }

  #postDraft({ text, revision }: { readonly text: string; readonly revision: number }): void {
    if (this.#account !== "") this.#post({ kind: "draft", account: this.#account, text, revision });
  }

  #postHead(): void {
    const { room } = this.#options;
    for (const message of [headOf(room, this.contact, this.#account), namesOf(room)]) {
      const words = JSON.stringify(message);
      if (!this.#drawn || this.#told.get(message.kind) === words) continue;
      this.#told.set(message.kind, words);
      this.#post(message);
    }
  }

  #postLoaded(stretch: Stretch, top?: number): void {
    const { messages, more, moreAfter } = stretch;
    this.#post({
      kind: "loaded",
      messages: [...messages],
      more,
      moreAfter,
      ...(this.#newFrom !== undefined && { newFrom: this.#newFrom }),
      ...(top !== undefined && { top }),
    });
  }

  #post(message: ToPanel): void {
    if (this.#drawn) this.#options.post(message);
  }
}
