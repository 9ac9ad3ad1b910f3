// The one status bar item of Chat Room: short, contextual (right), colored only if the person has to act.

import { StatusBarAlignment, ThemeColor, window } from "vscode";
import type { SessionStore } from "../daemon-client/session-store.ts";
import { debounced, Disposables } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import { connectionStatusOf } from "../daemon-client/connection-status.ts";
import { statusBarOf } from "./status-item.ts";

export function createStatusBar(store: SessionStore): Disposable {
  const disposables = new Disposables();
  const item = window.createStatusBarItem("chatRoom.status", StatusBarAlignment.Right, 50);
  item.name = "Chat Room";
  const update = (): void => {
    const shown = statusBarOf(connectionStatusOf(store.link, store.session), store.contacts, store.ownPresence);
    item.text = shown.text;
    item.tooltip = shown.tooltip;
    item.accessibilityInformation = { label: shown.accessibleLabel, role: "button" };
    item.command = {
      command: shown.command,
      title: shown.tooltip,
      arguments: shown.argument === undefined ? [] : [shown.argument],
    };
    item.backgroundColor = shown.warning ? new ThemeColor("statusBarItem.warningBackground") : undefined;
  };
  disposables.add(item, debounced(store.changed).on(update));
  update();
  item.show();
  return disposables;
}
