// The host's side of one chat panel, per kind of conversation event: one function per kind, which returns the handlers for
// the page's messages about it. kinds.ts combines them. No vscode.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { FromPanel } from "../../../protocol/page/page-messages.ts";
import type { Daemon } from "../../daemon-client/port.ts";
import type { SessionStore } from "../../daemon-client/session-store.ts";
import type { Disposables } from "../../ui/signal.ts";
import type { HistoryLoader } from "../history-loader.ts";
import type { Viewport } from "../viewport.ts";
import type { WebviewChannel } from "../webview-channel.ts";

/** What the handlers of one panel work with. */
export interface PanelContext {
  readonly daemon: Daemon;
  readonly store: SessionStore;
  readonly conversation: ConversationId;
  readonly loader: HistoryLoader;
  readonly viewport: Viewport;
  readonly channel: WebviewChannel;
  /** The account whose history the panel shows; empty while none is known. */
  readonly account: () => string;
  /** Whether the panel is visible and its window has the focus. */
  readonly inSight: () => boolean;
  /** Asks the person to confirm the deletion of a message. */
  readonly confirmDeletion: (message: ChatMessage) => Promise<boolean>;
  /** Aborted when the panel is closed. */
  readonly disposables: Disposables;
}

export type Handlers<Kind extends FromPanel["kind"]> = {
  readonly [K in Kind]: (message: Extract<FromPanel, { kind: K }>) => Promise<void> | void;
};
