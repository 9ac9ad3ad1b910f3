// Reports to the daemon whether this window has the focus and which chats are visible. The daemon chooses the one window
// that notifies, and the notifier there decides. Nothing opens or takes focus by itself.

import { debug, window, workspace } from "vscode";
import { focus, notice, tell } from "../../protocol/api/notifications.ts";
import type { PanelManager } from "../chat/panel-manager.ts";
import type { AppContext } from "../commands/app-context.ts";
import { reasonWords } from "../ui/l10n.ts";
import { Notifier } from "./notifier.ts";
import { forNotification } from "../ui/plain-text.ts";
import { Disposables } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";

export function createFocusReports(app: AppContext, panels: PanelManager): Disposable {
  const { daemon, prompter, settings } = app;
  const disposables = new Disposables();
  const notifier = new Notifier({
    app,
    now: () => performance.now(),
    isDebugging: () => debug.activeDebugSession !== undefined,
    isInSight: (conversation) => window.state.focused && panels.visible.includes(conversation),
  });
  const report = (): void =>
    daemon.notify(focus, {
      focused: window.state.focused,
      visible: panels.visible.slice(0, 64),
      tells: settings().notifications !== "off",
      mentions: settings().notifications === "mentions",
      reactions: settings().notifications === "all",
    });
  disposables.add(
    window.onDidChangeWindowState(report),
    panels.visibleChanged.on(() => {
      for (const conversation of panels.visible) notifier.settle(conversation);
      report();
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("chatRoom.notifications")) report();
    }),
    debug.onDidTerminateDebugSession(() => void notifier.resume()),
    debug.onDidChangeActiveDebugSession(() => void notifier.resume()),
    daemon.linkChanged.on((link) => {
      if (link.state === "connected") report();
    }),
    daemon.on(tell, (told) => void notifier.take(told.message, told.title, told.named, told.reaction)),
    daemon.on(notice, ({ text }) => void prompter.tell("warning", forNotification(reasonWords(text), 600))),
  );
  return disposables;
}
