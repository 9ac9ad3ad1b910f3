// Sends the settings that the daemon acts on, at every connection and whenever they change; the daemon stores them. No
// vscode.

import type { Outcome } from "../../protocol/api/declare.ts";
import { setRetention } from "../../protocol/api/removal.ts";
import { setDirectMode } from "../../protocol/api/direct.ts";
import { setSignals } from "../../protocol/api/conversation.ts";
import type { Daemon } from "../daemon-client/port.ts";
import { t } from "../ui/l10n.ts";
import type { Log } from "../ui/log.ts";
import { forNotification } from "../ui/plain-text.ts";
import type { Prompter } from "../ui/prompter-port.ts";
import type { Settings } from "./settings.ts";
import { Disposables } from "../ui/signal.ts";
import type { Disposable, Signal } from "../ui/signal.ts";

export interface DaemonSettingsOptions {
  readonly daemon: Daemon;
  readonly prompter: Prompter;
  readonly settings: () => Settings;
  /** Fires when the settings for talking directly changed. */
  readonly directChanged: Signal<unknown>;
  /** Fires when the settings for what others may see changed. */
  readonly signalsChanged: Signal<unknown>;
  /** Fires when the setting for how long messages are kept changed. */
  readonly retentionChanged: Signal<unknown>;
  readonly log: Log;
}

export function tellDaemonSettings(options: DaemonSettingsOptions): Disposable {
  const { daemon, prompter, settings, log } = options;
  const disposables = new Disposables();
  /** @param words the text for the person about a refusal, if they have just changed the setting */
  const follow = (
    tell: () => Promise<Outcome<object>>,
    changed: Signal<unknown>,
    words: (why: string) => string,
  ): void => {
    const send = async (byPerson: boolean): Promise<void> => {
      if (daemon.link.state !== "connected") return;
      const outcome = await tell();
      if (outcome.ok) return;
      log.warn(`a setting was not taken by the daemon: ${outcome.code}`);
      if (byPerson) void prompter.tell("warning", words(forNotification(outcome.reason, 400)));
    };
    disposables.add(
      daemon.linkChanged.on(() => void send(false)),
      changed.on(() => void send(true)),
    );
    void send(false);
  };
  follow(
    () => daemon.request(setDirectMode, settings().direct),
    options.directChanged,
    (why) => t("The settings for talking directly are not in force: {0}", why),
  );
  follow(
    () => daemon.request(setSignals, settings().signals),
    options.signalsChanged,
    (why) => t("The settings for what others may see are not in force: {0}", why),
  );
  follow(
    () => {
      const { keptDays } = settings();
      return daemon.request(setRetention, keptDays === undefined ? {} : { days: keptDays });
    },
    options.retentionChanged,
    (why) => t("The setting for how long messages are kept is not in force: {0}", why),
  );
  return disposables;
}
