// Where the extension is put together, and nothing else. Everything a person has belongs to the daemon: this is a view,
// which may be killed at any moment.

import { commands, env, ExtensionMode, l10n, version, window } from "vscode";
import type { ExtensionContext } from "vscode";
import { signInAutomatically } from "./account/automatic-sign-in.ts";
import { Credentials } from "./account/credentials.ts";
import { attachedSelection } from "./chat/editor-attachments.ts";
import { createFocusReports } from "./notifications/focus-reports.ts";
import { panelActions } from "./chat/panel-actions.ts";
import { PanelManager } from "./chat/panel-manager.ts";
import type { About, AppContext } from "./commands/app-context.ts";
import { registerCommands } from "./commands/register-commands.ts";
import { runShare } from "./commands/share.ts";
import { createContactsView } from "./contacts/contacts-view.ts";
import { DaemonClient } from "./daemon-client/client.ts";
import { daemonOpener, ownBuild } from "./daemon-client/start.ts";
import { tellDaemonSettings } from "./settings/daemon-settings.ts";
import { createConsentPrompt } from "./notifications/consent-prompt.ts";
import { ConsentRequestStore } from "./daemon-client/consent-requests.ts";
import { t, useTranslations } from "./ui/l10n.ts";
import { handleLinks } from "./commands/uri-handler.ts";
import { tellOfOlderDaemon } from "./daemon-client/older-daemon.ts";
import { vscodePrompter } from "./ui/prompter.ts";
import { SessionStore } from "./daemon-client/session-store.ts";
import { createSettingsSignal, readSettings } from "./settings/settings.ts";
import { createStatusBar } from "./status/status-bar.ts";
import { offerDaemonToTerminals } from "./daemon-client/terminals.ts";
import { createTestApi } from "./ui/test-api.ts";
import type { TestApi } from "./ui/test-api.ts";

/** Answers an API for this project's own tests while they run, and nothing to anybody else. */
export function activate(context: ExtensionContext): TestApi | undefined {
  useTranslations(l10n.t, env.language, l10n.bundle);
  const log = window.createOutputChannel("Chat Room", { log: true });
  const daemon = new DaemonClient({ open: daemonOpener(context.extensionPath, log), log });
  const store = new SessionStore(daemon, log);
  const questions = new ConsentRequestStore(daemon);
  const testing = context.extensionMode === ExtensionMode.Test;
  const test = testing ? createTestApi(vscodePrompter) : undefined;
  const credentials = new Credentials(context.globalState, context.secrets);
  const app: AppContext = {
    daemon,
    store,
    credentials,
    prompter: test?.prompter ?? vscodePrompter,
    settings: readSettings,
    questions,
    contactsFilter: { get: () => contacts.provider.filter, set: (text) => contacts.filter(text) },
    openPanel: (id, name, at) => panels.show(id, name, at),
    chooseInPanel: (id, action, seq) => panels.choose(id, action, seq),
    selection: () => attachedSelection(window.activeTextEditor),
    showLog: () => log.show(true),
    copy: async (text) => env.clipboard.writeText(text),
    about: () => about(context),
  };
  const actions = panelActions(app);
  const panels = new PanelManager({ context, daemon, store, log, actions });
  const contacts = createContactsView(store, questions, (contact, dropped) => runShare(app, contact, dropped));
  const links = handleLinks(app, log);
  context.subscriptions.push(
    log,
    daemon,
    store,
    questions,
    panels,
    contacts,
    links,
    createStatusBar(store),
    createFocusReports(app, panels),
    createConsentPrompt(app),
    tellDaemonSettings({
      ...{ daemon, prompter: app.prompter, settings: readSettings, log },
      changed: createSettingsSignal,
    }),
    tellOfOlderDaemon(app, context.globalState),
    offerDaemonToTerminals(
      daemon,
      context.environmentVariableCollection,
      t("The command line chat-room uses the daemon of this window."),
    ),
    signInAutomatically(store, daemon, credentials, log),
    registerCommands(app, (id, run) => commands.registerCommand(id, run), log),
  );
  daemon.connectNow();
  return test?.api({ daemon, store, panels, contacts, credentials, questions, links });
}

function about(context: ExtensionContext): About {
  const { version: extension } = context.extension.packageJSON as { version: string };
  const remote = env.remoteName;
  const platform = `${process.platform} ${process.arch}`;
  return {
    editor: `${env.appName} ${version}`,
    extension,
    build: ownBuild,
    platform,
    ...(remote !== undefined && { remote }),
  };
}
