// One chat panel in the editor area: a VS Code webview around a Conversation. Accepts only messages that carry its
// own token and fit their schema; opens links after parsing them again.

import { randomBytes } from "node:crypto";
import { env, l10n, Uri, window } from "vscode";
import type { WebviewPanel } from "vscode";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { fromPanel, readPosted } from "../../protocol/page/page-messages.ts";
import type { MessageAction } from "../../protocol/page/page-messages.ts";
import { nameOf } from "../contacts/contact-queries.ts";
import type { Daemon } from "../daemon-client/port.ts";
import { t } from "../ui/l10n.ts";
import { messageOf } from "../ui/log.ts";
import type { Log } from "../ui/log.ts";
import { plainLine } from "../ui/plain-text.ts";
import { linkTo } from "../commands/message-link.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import { Disposables, Emitter } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import { filePlaceOf, filePlaceScheme } from "../markdown/file-place.ts";
import { safeLink } from "../markdown/link-policy.ts";
import { Conversation } from "./conversation.ts";
import type { VsCodeHandlers } from "./conversation.ts";
import type { EditorExchange } from "./editor-exchange.ts";
import { pageOf } from "./html.ts";
import type { PanelActions } from "./panel-actions.ts";
import { asWanted, textOf } from "./copy-text.ts";

export const panelType = "chatRoom.chat";

export interface PanelOptions {
  readonly id: ConversationId;
  readonly name: string;
  readonly panel: WebviewPanel;
  readonly extensionUri: Uri;
  readonly daemon: Daemon;
  readonly store: SessionStore;
  readonly log: Log;
  readonly actions: PanelActions;
  readonly exchange: EditorExchange;
}

export class ChatPanel implements Disposable {
  /** Fires when the panel becomes visible or hidden. */
  readonly visibilityChanged = new Emitter<boolean>();
  readonly closed = new Emitter<undefined>();
  readonly #options: PanelOptions;
  readonly #conversation: Conversation;
  readonly #disposables = new Disposables();
  readonly #token = secret();

  constructor(options: PanelOptions) {
    this.#options = options;
    const { panel, store } = options;
    this.#conversation = new Conversation({
      ...options,
      confirmDeletion: (message) => options.actions.confirmDeletion(message),
      post: (message) => void panel.webview.postMessage(message),
      inSight: () => panel.visible && window.state.focused,
      vscode: this.#vscodeHandlers(),
    });
    this.#disposables.add(
      this.#conversation,
      panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      panel.onDidChangeViewState(() => this.#viewStateChanged()),
      panel.onDidDispose(() => this.#closed()),
      window.onDidChangeWindowState(() => void this.#conversation.markSeen()),
      store.changed.on(() => this.#showTitle()),
    );
    this.#draw();
  }

  get id(): ConversationId {
    return this.#options.id;
  }

  get visible(): boolean {
    return this.#options.panel.visible;
  }

  /** The name as its owner spells it, as far as known. */
  get name(): string {
    return this.#conversation.contact.name;
  }

  /** Brings the panel to the front, in its place, and puts the caret into the composer. */
  reveal(): void {
    this.#options.panel.reveal();
    this.#conversation.focusComposer();
  }

  /** Goes to a message, or to the first unread one. */
  async show(seq: number | "unread"): Promise<void> {
    await this.#conversation.show(seq);
  }

  choose(action: MessageAction, seq: number): void {
    this.#conversation.tell({ kind: "chosen", action, seq });
  }

  /** Inserts a text into the composer without sending it. */
  insert(text: string): void {
    this.#conversation.tell({ kind: "insert", text });
  }

  dispose(): void {
    this.#options.panel.dispose();
    this.#disposables.dispose();
  }

  #draw(): void {
    const { panel, extensionUri, id, name } = this.#options;
    const { webview } = panel;
    const dist = Uri.joinPath(extensionUri, "dist");
    webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [dist, Uri.joinPath(extensionUri, "extension", "media")],
    };
    this.#showTitle();
    panel.iconPath = {
      light: Uri.joinPath(extensionUri, "extension", "media", "chat-light.svg"),
      dark: Uri.joinPath(extensionUri, "extension", "media", "chat-dark.svg"),
    };
    webview.html = pageOf({
      cspSource: webview.cspSource,
      nonce: secret(),
      scriptUri: webview.asWebviewUri(Uri.joinPath(dist, "webview.js")).toString(),
      styleUri: webview.asWebviewUri(Uri.joinPath(dist, "webview-style.css")).toString(),
      token: this.#token,
      conversation: id,
      name,
      language: l10n.bundle === undefined ? "en" : env.language,
      texts: l10n.bundle ?? {},
    });
  }

  #showTitle(): void {
    const title = nameOf(this.#conversation.contact);
    if (this.#options.panel.title !== title) this.#options.panel.title = title;
  }

  #viewStateChanged(): void {
    const { visible } = this.#options.panel;
    if (!visible) this.#conversation.webviewGone();
    this.visibilityChanged.fire(visible);
    void this.#conversation.markSeen();
  }

  #receive(posted: unknown): void {
    const message = readPosted(fromPanel, posted);
    if (message?.token !== this.#token) {
      this.#options.log.warn("a message from a chat panel was ignored: it has the wrong shape or token");
      return;
    }
    this.#conversation.take(message).catch((error: unknown) => {
      this.#options.log.error(`${message.kind} of a chat panel failed: ${messageOf(error)}`);
      this.#say({ ok: false, text: t("That did not work: {0}", plainLine(messageOf(error), 300)) });
    });
  }

  /** Handles the page's requests that need VS Code. */
  #vscodeHandlers(): VsCodeHandlers {
    const { actions, exchange } = this.#options;
    return {
      act: ({ action }) => actions.act(action, this.#conversation.contact),
      open: ({ url }) => this.#open(url),
      take: async ({ seq, block, to, hidden }) => {
        const taken = textOf(this.#conversation.message(seq), block);
        const wanted = taken && (await asWanted(taken, hidden, (kinds) => actions.chooseHidden(kinds)));
        if (wanted !== undefined) this.#say(await exchange.take(wanted, to));
      },
      link: async ({ seq }) => {
        const linked = this.#conversation.message(seq);
        if (linked === undefined) return;
        await env.clipboard.writeText(linkTo(linked, env.uriScheme));
        this.#say({ ok: true, text: t("Link copied.") });
      },
      attach: async ({ from }) => {
        const found = await exchange.attach(from);
        if (found?.ok === true) this.insert(found.text);
        else if (found !== undefined) this.#say({ ok: false, text: found.reason });
        this.#conversation.focusComposer();
      },
    };
  }

  #say({ ok, text }: { ok: boolean; text: string }): void {
    this.#conversation.tell({ kind: "notice", text, failed: !ok });
  }

  async #open(raw: string): Promise<void> {
    if (raw.startsWith(filePlaceScheme)) {
      const place = filePlaceOf(raw.slice(filePlaceScheme.length));
      const outcome = place && (await this.#options.exchange.openPlace(place));
      if (outcome?.ok === false) this.#say(outcome);
      return;
    }
    const link = safeLink(raw);
    if (link === undefined) this.#options.log.warn("a link in a message was not opened: it is no web or mail address");
    else await env.openExternal(Uri.parse(link, true));
  }

  #closed(): void {
    this.#disposables.dispose();
    this.closed.fire(undefined);
  }
}

function secret(): string {
  return randomBytes(24).toString("base64url");
}
