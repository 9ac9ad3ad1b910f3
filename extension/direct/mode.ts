// The settings for talking directly, given to the daemon at every connection and whenever they change; it keeps them.

import { setDirectMode } from "../../protocol/editor/direct.ts";
import type { Daemon } from "../daemon-client/port.ts";
import { t } from "../l10n.ts";
import type { Log } from "../log.ts";
import { forNotification } from "../plain-text.ts";
import type { Prompter } from "../prompter-port.ts";
import type { Settings } from "../settings.ts";
import { Disposables } from "../signal.ts";
import type { Disposable, Signal } from "../signal.ts";

export interface DirectModeOptions {
  readonly daemon: Daemon;
  readonly prompter: Prompter;
  readonly settings: () => Settings;
  readonly settingsChanged: Signal<unknown>;
  readonly log: Log;
}

export function followDirectMode({ daemon, prompter, settings, settingsChanged, log }: DirectModeOptions): Disposable {
  const disposables = new Disposables();
  const send = async (byPerson: boolean): Promise<void> => {
    if (daemon.link.state !== "connected") return;
    const outcome = await daemon.request(setDirectMode, settings().direct);
    if (outcome.ok) return;
    log.warn(`the settings for talking directly were not taken: ${outcome.code}`);
    if (!byPerson) return;
    const reason = forNotification(outcome.reason, 400);
    void prompter.tell("warning", t("The settings for talking directly are not in force: {0}", reason));
  };
  disposables.add(
    daemon.linkChanged.on(() => void send(false)),
    settingsChanged.on(() => void send(true)),
  );
  void send(false);
  return disposables;
}
