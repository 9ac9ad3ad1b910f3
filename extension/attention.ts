// Notifications: this window says whether it has the focus and which chats can be seen, the daemon chooses the one window
// that tells, and that one shows one ordinary message a conversation, with Open and Mute. Nothing opens or takes focus by
// itself.

import { window, workspace } from "vscode";
import type { ChatMessage } from "../protocol/editor/model.ts";
import { focus, notice, tell } from "../protocol/editor/notifications.ts";
import { Announcements } from "./announcements.ts";
import type { PanelManager } from "./chat/panel-manager.ts";
import type { Desk } from "./commands/desk.ts";
import { runMute } from "./commands/people.ts";
import { runOpenChat } from "./commands/talk.ts";
import { forNotification } from "./plain-text.ts";
import { Disposables } from "./signal.ts";
import type { Disposable } from "./signal.ts";

export function createAttention(desk: Desk, panels: PanelManager): Disposable {
  const { daemon, prompter, settings } = desk;
  const disposables = new Disposables();
  const announcements = new Announcements(() => performance.now());
  const show = async (message: ChatMessage, title: string): Promise<void> => {
    if (!settings().notifications) return;
    const inSight = window.state.focused && panels.visible.includes(message.conversation);
    if (!announcements.take(message.conversation, inSight)) return;
    const words = `${forNotification(title, 80)}: ${forNotification(message.text, 180)}`;
    const pressed = await prompter.tell("info", words, "Open", "Mute");
    const { conversation } = message;
    announcements.settle(conversation);
    const target = { conversation, name: conversation === "everyone" ? "" : message.from };
    if (pressed === "Open") await runOpenChat(desk, target);
    else if (pressed === "Mute") await runMute(desk, target, true);
  };
  const report = (): void =>
    daemon.notify(focus, {
      focused: window.state.focused,
      visible: panels.visible.slice(0, 64),
      tells: settings().notifications,
    });
  disposables.add(
    window.onDidChangeWindowState(report),
    panels.visibleChanged.on(() => {
      for (const conversation of panels.visible) announcements.settle(conversation);
      report();
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("chatRoom.notifications")) report();
    }),
    daemon.linkChanged.on((link) => {
      if (link.state === "connected") report();
    }),
    daemon.on(tell, (told) => void show(told.message, told.title)),
    daemon.on(notice, ({ text }) => void prompter.tell("warning", forNotification(text, 600))),
  );
  return disposables;
}
