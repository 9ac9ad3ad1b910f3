// The host's side of one chat panel, without vscode: loads the history, passes on what changes, sends what is written and
// reports what is seen. The webview may come and go (a hidden one is destroyed): whatever it missed is told again at its
// next `ready`, and the outcome of a sending is kept until a webview has taken it.

import type { Outcome } from "../../protocol/editor/declare.ts";
import { failure } from "../../protocol/errors.ts";
import type { ChatMessage, Contact, ConversationId } from "../../protocol/editor/model.ts";
import { messagesChanged } from "../../protocol/editor/notifications.ts";
import { history, markRead, retry, send } from "../../protocol/editor/requests.ts";
import type { MessageId } from "../../protocol/ids.ts";
import type { FromPanel, ToPanel } from "../../protocol/panel/messages.ts";
import { isReached } from "../daemon-client/port.ts";
import type { Daemon } from "../daemon-client/port.ts";
import { unknownContact } from "../room.ts";
import type { Room } from "../room.ts";
import { Disposables } from "../signal.ts";
import type { Disposable } from "../signal.ts";
import { standingOf } from "../standing.ts";
import { bannerOf } from "./banner.ts";
import { MessageLog } from "./message-log.ts";

const pageSize = 60;
/** How far back a panel is filled again to where it was scrolled to. */
const restoredPages = 8;

type Talk = Exclude<FromPanel, { kind: "open" | "act" }>;
type Settled = Extract<ToPanel, { kind: "settled" }>;
type Sending = Extract<FromPanel, { kind: "send" }>;

export interface ConversationOptions {
  readonly id: ConversationId;
  /** Used until the daemon says how the name is spelled. */
  readonly name: string;
  readonly daemon: Daemon;
  readonly room: Room;
  readonly post: (message: ToPanel) => void;
  /** The panel can be seen and its window has the focus. */
  readonly inSight: () => boolean;
}

export class Conversation implements Disposable {
  readonly #options: ConversationOptions;
  readonly #disposables = new Disposables();
  readonly #log = new MessageLog();
  /** By ticket; undefined while the daemon has not answered. */
  readonly #sendings = new Map<string, Settled | undefined>();
  /** A webview is there and wants to be told. */
  #drawn = false;
  /** False until the history was read over the present connection. */
  #loaded = false;
  #loading: Promise<void> | undefined;
  #anchor: number | undefined;
  #newFrom: number | undefined;
  #seen = 0;
  #marked = 0;
  #focusWanted = false;
  /** Whose history was read: another account has another one. */
  #account: string;

  constructor(options: ConversationOptions) {
    this.#options = options;
    const { daemon, room, id } = options;
    this.#disposables.add(
      daemon.on(messagesChanged, ({ messages }) => this.#change(messages.filter((each) => each.conversation === id))),
      daemon.linkChanged.on((link) => {
        if (link.state !== "connected") this.#loaded = false;
        else if (this.#drawn) void this.#load();
      }),
      room.changed.on(() => {
        this.#followAccount();
        this.#postHead();
      }),
    );
    this.#account = accountOf(room);
  }

  get contact(): Contact {
    return this.#options.room.contact(this.#options.id) ?? unknownContact(this.#options.id, this.#options.name);
  }

  /** What the webview asked for, except what needs vscode. */
  take(message: Talk): Promise<void> {
    switch (message.kind) {
      case "ready":
        return this.#ready(message.anchor, message.pending);
      case "older":
        return this.#older();
      case "send":
        return this.#send(message);
      case "retry":
        return this.#retry(message.mid);
      case "seen":
        this.#seen = Math.max(this.#seen, message.upTo);
        return this.tellSeen();
    }
  }

  /** The webview was destroyed, or hidden, which is the same. */
  webviewGone(): void {
    this.#drawn = false;
    this.#newFrom = undefined;
  }

  focusComposer(): void {
    this.#focusWanted = true;
    this.#postFocus();
  }

  /** To be called when the panel or its window comes in sight: only what a person can see is marked as read. */
  async tellSeen(): Promise<void> {
    const upTo = this.#seen;
    if (upTo <= this.#marked || !this.#options.inSight()) return;
    this.#marked = upTo;
    const outcome = await this.#options.daemon.request(markRead, { conversation: this.#options.id, upTo });
    if (!outcome.ok) this.#marked = 0;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #ready(anchor: number | undefined, pending: readonly string[]): Promise<void> {
    this.#drawn = true;
    this.#anchor = anchor;
    this.#postHead();
    this.#postFocus();
    for (const ticket of pending) {
      const settled = this.#sendings.get(ticket);
      if (settled !== undefined) this.#post(settled);
      else if (!this.#sendings.has(ticket)) this.#post({ kind: "settled", ticket, outcome: "unknown" });
    }
    if (this.#loaded && !this.#anchorIsMissing()) this.#postLoaded();
    else await this.#load();
  }

  #followAccount(): void {
    const account = accountOf(this.#options.room);
    if (account === this.#account) return;
    this.#account = account;
    this.#loaded = false;
    this.#log.reset([], false);
    this.#newFrom = undefined;
    this.#seen = this.#marked = 0;
    if (this.#drawn) void this.#load();
  }

  #load(): Promise<void> {
    this.#loading ??= this.#readHistory().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #readHistory(): Promise<void> {
    const { daemon, id } = this.#options;
    if (daemon.link.state !== "connected") return; // read as soon as it is
    if (this.#options.room.session?.state === "signedOut") return; // nobody's history; read for whoever signs in
    const account = this.#account;
    const unread = this.contact.unread;
    const outcome = await daemon.request(history, { conversation: id, limit: Math.min(500, pageSize + unread) });
    if (account !== this.#account) {
      await this.#readHistory();
      return;
    }
    if (!outcome.ok) {
      this.#post({ kind: "unreadable", reason: outcome.reason });
      return;
    }
    this.#loaded = true;
    this.#log.reset(outcome.messages, outcome.more);
    for (let pages = 0; pages < restoredPages && this.#anchorIsMissing(); pages += 1) {
      if (!(await this.#readOlder())) break;
    }
    this.#newFrom ??= this.#log.firstUnread(unread);
    this.#postLoaded();
  }

  async #older(): Promise<void> {
    const before = this.#log.oldestSeq;
    if (await this.#readOlder()) {
      const older = this.#log.messages.filter((each) => before === undefined || each.seq < before);
      this.#post({ kind: "older", messages: older, more: this.#log.more });
    } else {
      this.#post({ kind: "older", messages: [], more: this.#log.more });
    }
  }

  async #readOlder(): Promise<boolean> {
    const before = this.#log.oldestSeq;
    if (before === undefined || !this.#log.more) return false;
    const outcome = await this.#options.daemon.request(history, {
      conversation: this.#options.id,
      before,
      limit: pageSize,
    });
    return outcome.ok && this.#log.prepend(outcome.messages, outcome.more).length > 0;
  }

  #change(messages: readonly ChatMessage[]): void {
    if (messages.length === 0 || !this.#loaded) return;
    const changed = this.#log.merge(messages);
    if (changed.length > 0) this.#post({ kind: "changed", messages: [...changed] });
  }

  async #send(sending: Sending): Promise<void> {
    const { ticket, account } = sending;
    if (this.#sendings.has(ticket)) return;
    this.#sendings.set(ticket, undefined);
    const outcome = await this.#store(sending);
    const settled: Settled = outcome.ok
      ? { kind: "settled", ticket, outcome: "stored" }
      : {
          kind: "settled",
          ticket,
          outcome: "refused",
          reason: outcome.reason,
          passing: outcome.code === "unavailable",
        };
    this.#sendings.set(ticket, settled);
    if (outcome.ok && account === this.#account) {
      this.#newFrom = undefined;
      this.#change([outcome.message]);
    }
    this.#post(settled);
  }

  /** The ticket is the message's id, so that a daemon that died before it answered can be asked again. */
  async #store({ ticket, text, account }: Sending): Promise<Outcome<{ message: ChatMessage }>> {
    const { daemon, id } = this.#options;
    const message = { conversation: id, text, mid: ticket as MessageId };
    const store = (): Promise<Outcome<{ message: ChatMessage }>> =>
      account === this.#account ? daemon.request(send, message) : Promise.resolve(notTheirs);
    const outcome = await store();
    if (outcome.ok || outcome.code !== "unavailable" || !(await isReached(daemon))) return outcome;
    return store();
  }

  async #retry(mid: string): Promise<void> {
    const { daemon, id } = this.#options;
    const outcome = await daemon.request(retry, { conversation: id, mid });
    if (outcome.ok) return;
    const failed = this.#log.messages.find((each) => each.mid === mid);
    const refused = failure(outcome.code, outcome.reason);
    if (failed) this.#change([{ ...failed, failure: { code: refused.code, reason: refused.reason } }]);
  }

  #anchorIsMissing(): boolean {
    return this.#anchor !== undefined && this.#log.more && this.#anchor < (this.#log.oldestSeq ?? 0);
  }

  #postHead(): void {
    const { room } = this.#options;
    const contact = this.contact;
    const banner = bannerOf(standingOf(room.link, room.session), contact);
    const account = this.#account;
    this.#post({
      kind: "head",
      contact,
      ...(banner && { banner }),
      writing: account !== "" ? "open" : room.session === undefined ? "held" : "closed",
      ...(account !== "" && { account }),
      linked: room.link.state === "connected",
    });
  }

  #postLoaded(): void {
    const { messages, more } = this.#log;
    this.#post({
      kind: "loaded",
      messages: [...messages],
      more,
      ...(this.#newFrom !== undefined && { newFrom: this.#newFrom }),
    });
  }

  #postFocus(): void {
    if (!this.#drawn || !this.#focusWanted) return;
    this.#focusWanted = false;
    this.#post({ kind: "focus" });
  }

  #post(message: ToPanel): void {
    if (this.#drawn) this.#options.post(message);
  }
}

/** Says who wrote the text: nobody else sends it. */
const notTheirs = failure("denied", "Another account is signed in now.");

/** Empty while nobody is signed in. */
function accountOf(room: Room): string {
  return room.session === undefined || room.session.state === "signedOut" ? "" : JSON.stringify(room.session.account);
}
