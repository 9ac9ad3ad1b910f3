// The settings that the daemon acts on, given to it at every connection and whenever they change; it keeps them. Which
// setting is which field of which request is in `definitions.ts`. No vscode.

import { setRetention } from "../../protocol/api/removal.ts";
import { setDirectMode } from "../../protocol/api/direct.ts";
import { setSignals } from "../../protocol/api/conversation.ts";
import type { Infer } from "../../protocol/validate.ts";
import type { Daemon } from "../daemon-client/port.ts";
import { t } from "../ui/l10n.ts";
import type { Log } from "../ui/log.ts";
import { forNotification } from "../ui/plain-text.ts";
import type { Prompter } from "../ui/prompter-port.ts";
import { definitions } from "./definitions.ts";
import type { SettingName, Settings } from "./definitions.ts";
import type { SettingDefinition } from "./setting.ts";
import { Disposables } from "../ui/signal.ts";
import type { Disposable, Signal } from "../ui/signal.ts";

/** By the names that the definitions use. */
export const daemonRequests = {
  direct: {
    request: setDirectMode,
    /** What the person is told of a refusal, where they have just changed the setting. */
    refused: (why: string) => t("The settings for talking directly are not in force: {0}", why),
  },
  signals: {
    request: setSignals,
    refused: (why: string) => t("The settings for what others may see are not in force: {0}", why),
  },
  retention: {
    request: setRetention,
    refused: (why: string) => t("The setting for how long messages are kept is not in force: {0}", why),
  },
};

export type RequestName = keyof typeof daemonRequests;
type ParamsOf<Name extends RequestName> = Infer<(typeof daemonRequests)[Name]["request"]["params"]>;

/** What that request tells the daemon; a test holds it against the schema of the request. */
export function paramsOf<Name extends RequestName>(wanted: Name, settings: Settings): ParamsOf<Name> {
  const params = fieldsOf(wanted).flatMap(({ name, field, values }) => {
    const value: unknown = values === undefined ? settings[name] : values[String(settings[name])];
    return value === undefined ? [] : [[field, value]];
  });
  return Object.fromEntries(params) as ParamsOf<Name>;
}

export interface DaemonSettingsOptions {
  readonly daemon: Daemon;
  readonly prompter: Prompter;
  readonly settings: () => Settings;
  /** Fires when one of these settings changed. */
  readonly changed: (names: readonly SettingName[]) => Signal<unknown> & Disposable;
  readonly log: Log;
}

export function tellDaemonSettings({ daemon, prompter, settings, changed, log }: DaemonSettingsOptions): Disposable {
  const disposables = new Disposables();
  for (const name of Object.keys(daemonRequests) as RequestName[]) {
    const { request, refused } = daemonRequests[name];
    const send = async (byPerson: boolean): Promise<void> => {
      if (daemon.link.state !== "connected") return;
      const outcome = await daemon.request<unknown, object>(request, paramsOf(name, settings()));
      if (outcome.ok) return;
      log.warn(`a setting was not taken by the daemon: ${outcome.code}`);
      if (byPerson) void prompter.tell("warning", refused(forNotification(outcome.reason, 400)));
    };
    const changes = changed(fieldsOf(name).map((each) => each.name));
    disposables.add(
      changes,
      daemon.linkChanged.on(() => void send(false)),
      changes.on(() => void send(true)),
    );
    void send(false);
  }
  return disposables;
}

function fieldsOf(wanted: RequestName) {
  return Object.entries<SettingDefinition>(definitions).flatMap(([name, { daemon }]) =>
    typeof daemon === "object" && daemon.request === wanted ? [{ name: name as SettingName, ...daemon }] : [],
  );
}
