// Where the extension is put together, and nothing else. Everything a person has belongs to the daemon: this is a view,
// which may be killed at any moment.

import { commands, env, ExtensionMode, window } from "vscode";
import type { ExtensionContext } from "vscode";
import { signInAutomatically } from "./account/automatic-sign-in.ts";
import { Credentials } from "./account/credentials.ts";
import { createAttention } from "./attention.ts";
import { actFor } from "./chat/panel-actions.ts";
import { PanelManager } from "./chat/panel-manager.ts";
import type { Desk } from "./commands/desk.ts";
import { registerCommands } from "./commands/register.ts";
import { createContactsView } from "./contacts/view.ts";
import { DaemonClient } from "./daemon-client/client.ts";
import { daemonOpener } from "./daemon-client/start.ts";
import { vscodePrompter } from "./prompter.ts";
import { Room } from "./room.ts";
import { readSettings } from "./settings.ts";
import { createStatusBar } from "./status/status-bar.ts";
import { createTestApi } from "./test-api.ts";
import type { TestApi } from "./test-api.ts";

/** Answers an API for this project's own tests while they run, and nothing to anybody else. */
export function activate(context: ExtensionContext): TestApi | undefined {
  const log = window.createOutputChannel("Chat Room", { log: true });
  const daemon = new DaemonClient({ open: daemonOpener(context.extensionPath, log), log });
  const room = new Room(daemon, log);
  const testing = context.extensionMode === ExtensionMode.Test;
  const test = testing ? createTestApi(vscodePrompter) : undefined;
  const credentials = new Credentials(context.globalState, context.secrets);
  const desk: Desk = {
    daemon,
    room,
    credentials,
    prompter: test?.prompter ?? vscodePrompter,
    settings: readSettings,
    openPanel: (id, name) => panels.show(id, name),
    showLog: () => log.show(true),
    copy: async (text) => env.clipboard.writeText(text),
  };
  const panels = new PanelManager({ context, daemon, room, log, act: actFor(desk) });
  const contacts = createContactsView(room);
  context.subscriptions.push(
    log,
    daemon,
    room,
    panels,
    contacts,
    createStatusBar(room),
    createAttention(desk, panels),
    signInAutomatically(room, daemon, credentials, log),
    registerCommands(desk, (id, run) => commands.registerCommand(id, run), log),
  );
  daemon.connectNow();
  return test?.api({ daemon, room, panels, contacts, credentials });
}
