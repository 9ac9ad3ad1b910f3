// The chat panels of this window: at most one per conversation, opened only at the person's request, and restored after the
// window is reloaded. Reports which conversations are visible.

import { ViewColumn, window } from "vscode";
import type { ExtensionContext, WebviewPanel } from "vscode";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { chatOfState } from "../../protocol/page/page-fields.ts";
import { readPosted } from "../../protocol/page/page-messages.ts";
import type { MessageAction } from "../../protocol/page/page-messages.ts";
import type { PanelPlace } from "../commands/app-context.ts";
import type { Daemon } from "../daemon-client/port.ts";
import type { Log } from "../ui/log.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import { Disposables, Emitter } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import { EditorExchange } from "./editor-exchange.ts";
import type { PanelActions } from "./panel-actions.ts";
import { ChatPanel, panelType } from "./panel.ts";

export interface PanelManagerOptions {
  readonly context: ExtensionContext;
  readonly daemon: Daemon;
  readonly store: SessionStore;
  readonly log: Log;
  readonly actions: PanelActions;
}

export class PanelManager implements Disposable {
  /** Fires when the visible conversations change. */
  readonly visibleChanged = new Emitter<undefined>();
  readonly #options: PanelManagerOptions;
  readonly #panels = new Map<ConversationId, ChatPanel>();
  readonly #disposables = new Disposables();
  readonly #exchange = new EditorExchange();

  constructor(options: PanelManagerOptions) {
    this.#options = options;
    this.#disposables.add(
      this.#exchange,
      window.registerWebviewPanelSerializer(panelType, {
        deserializeWebviewPanel: (panel, state) => {
          this.#restore(panel, state);
          return Promise.resolve();
        },
      }),
      { dispose: () => [...this.#panels.values()].forEach((panel) => panel.dispose()) },
    );
  }

  get visible(): readonly ConversationId[] {
    return [...this.#panels.values()].filter((panel) => panel.visible).map((panel) => panel.id);
  }

  get open(): readonly ChatPanel[] {
    return [...this.#panels.values()];
  }

  /** Opens a panel or brings it to the front, at the message `seq` if given, with `insert` in the composer. */
  show(id: ConversationId, name: string, at: PanelPlace = {}): void {
    const known = this.#panels.get(id);
    const panel =
      known ?? this.#adopt(window.createWebviewPanel(panelType, name, ViewColumn.Active, webviewOptions), id, name);
    panel.reveal();
    if (at.seq !== undefined) void panel.show(at.seq);
    if (at.insert !== undefined) panel.insert(at.insert);
  }

  /** Runs an action in the chat in which the menu of that message was opened. */
  choose(id: ConversationId, action: MessageAction, seq: number): void {
    this.#panels.get(id)?.choose(action, seq);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #restore(panel: WebviewPanel, given: unknown): void {
    const chat = readPosted(chatOfState, given);
    if (chat === undefined || this.#panels.has(chat.conversation)) panel.dispose();
    else this.#adopt(panel, chat.conversation, chat.name);
  }

  #adopt(panel: WebviewPanel, id: ConversationId, name: string): ChatPanel {
    const { context, daemon, store, log, actions } = this.#options;
    const exchange = this.#exchange;
    const chat = new ChatPanel({
      id,
      name,
      panel,
      extensionUri: context.extensionUri,
      daemon,
      store,
      log,
      actions,
      exchange,
    });
    this.#panels.set(id, chat);
    chat.visibilityChanged.on(() => this.visibleChanged.fire(undefined));
    chat.closed.on(() => {
      this.#panels.delete(id);
      this.visibleChanged.fire(undefined);
    });
    this.visibleChanged.fire(undefined);
    return chat;
  }
}

/** VS Code's own find is off: the page has a search that also finds what is not drawn. */
const webviewOptions = { enableFindWidget: false, retainContextWhenHidden: false };
