// Says once that the daemon which serves this window is older than it, and offers to restart it: an update counts only once
// no window and no command of before uses the daemon any more. No vscode.

import { olderDaemonInUse } from "../../client/older-daemon.ts";
import type { Memory } from "../account/credentials.ts";
import type { AppContext } from "../commands/app-context.ts";
import { restartNow } from "../commands/this-machine.ts";
import { t } from "../ui/l10n.ts";
import { forNotification } from "../ui/plain-text.ts";
import type { Disposable } from "../ui/signal.ts";

const toldKey = "chatRoom.toldOfDaemon";

/** @param memory shared by all windows: one of them says it */
export function tellOfOlderDaemon(app: AppContext, memory: Memory): Disposable {
  const look = async (): Promise<void> => {
    if (app.daemon.link.state !== "connected") return;
    const older = await olderDaemonInUse(app.daemon, app.about().build);
    if (!older || memory.get(toldKey) === older.build) return;
    await memory.update(toldKey, older.build);
    const restart = t("Restart Daemon");
    const words = t(
      "An older Chat Room daemon (version {0}) is still in use by another window or command. It is replaced when those are closed or reloaded.",
      forNotification(older.version, 40),
    );
    if ((await app.prompter.tell("info", words, restart)) === restart) await restartNow(app);
  };
  const following = app.daemon.linkChanged.on(() => void look());
  void look();
  return following;
}
