// The chat panels of this window: at most one a conversation, opened only when the person asks, and restored after the
// window was loaded anew. Says which conversations can be seen.

import { ViewColumn, window } from "vscode";
import type { ExtensionContext, WebviewPanel } from "vscode";
import type { ConversationId } from "../../protocol/editor/model.ts";
import { panelState, readPosted } from "../../protocol/panel/messages.ts";
import type { PanelAction } from "../../protocol/panel/messages.ts";
import type { Daemon } from "../daemon-client/port.ts";
import type { Log } from "../log.ts";
import type { Room } from "../room.ts";
import { Disposables, Emitter } from "../signal.ts";
import type { Disposable } from "../signal.ts";
import { ChatPanel, panelType } from "./panel.ts";

export interface PanelManagerOptions {
  readonly context: ExtensionContext;
  readonly daemon: Daemon;
  readonly room: Room;
  readonly log: Log;
  readonly act: (action: PanelAction, panel: ChatPanel) => void;
}

export class PanelManager implements Disposable {
  /** Which conversations can be seen has changed. */
  readonly visibleChanged = new Emitter<undefined>();
  readonly #options: PanelManagerOptions;
  readonly #panels = new Map<ConversationId, ChatPanel>();
  readonly #disposables = new Disposables();

  constructor(options: PanelManagerOptions) {
    this.#options = options;
    this.#disposables.add(
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

  show(id: ConversationId, name: string): void {
    const known = this.#panels.get(id);
    const panel =
      known ?? this.#adopt(window.createWebviewPanel(panelType, name, ViewColumn.Active, webviewOptions), id, name);
    panel.reveal();
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #restore(panel: WebviewPanel, given: unknown): void {
    const state = readPosted(panelState, given);
    if (state === undefined || this.#panels.has(state.conversation)) panel.dispose();
    else this.#adopt(panel, state.conversation, state.name);
  }

  #adopt(panel: WebviewPanel, id: ConversationId, name: string): ChatPanel {
    const { context, daemon, room, log, act } = this.#options;
    const chat = new ChatPanel({ id, name, panel, extensionUri: context.extensionUri, daemon, room, log, act });
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

const webviewOptions = { enableFindWidget: true, retainContextWhenHidden: false };
