// Tells the person once that the daemon is older than this window, and offers to restart it. An update takes effect only
// once no older window or command uses the daemon any more. No vscode.

import { olderDaemonInUse } from "../../client/older-daemon.ts";
import type { Memory } from "../account/credentials.ts";
import type { AppContext } from "../commands/app-context.ts";
import { restartNow } from "../commands/this-machine.ts";
import { t } from "../ui/l10n.ts";
import { forNotification } from "../ui/plain-text.ts";
import type { Disposable } from "../ui/signal.ts";

const shownKey = "chatRoom.toldOfDaemon";

/** @param memory shared by all windows, so that only one of them tells the person */
export function tellOfOlderDaemon(app: AppContext, memory: Memory): Disposable {
  const check = async (): Promise<void> => {
    if (app.daemon.link.state !== "connected") return;
    const older = await olderDaemonInUse(app.daemon, app.about().build);
    if (!older || memory.get(shownKey) === older.build) return;
    await memory.update(shownKey, older.build);
    const restart = t("Restart Daemon");
    const text = t(
      "An older Chat Room daemon (version {0}) is still in use by another window or command. It is replaced when those are closed or reloaded.",
      forNotification(older.version, 40),
    );
    if ((await app.prompter.tell("info", text, restart)) === restart) await restartNow(app);
  };
  const following = app.daemon.linkChanged.on(() => void check());
  void check();
  return following;
}
