// The closed list of what a chat panel may ask for beside talking, and which command each is.

import type { PanelAction } from "../../protocol/panel/messages.ts";
import { runSignIn } from "../commands/account.ts";
import type { Desk } from "../commands/desk.ts";
import { runReconnect, runRestartDaemon } from "../commands/machine.ts";
import { runUnblock } from "../commands/people.ts";
import { runTrustServer } from "../commands/trust.ts";

export function actFor(desk: Desk): (action: PanelAction, panel: { readonly name: string }) => void {
  return (action, panel) => {
    switch (action) {
      case "signIn":
        void runSignIn(desk);
        return;
      case "reconnect":
        void runReconnect(desk);
        return;
      case "trustServer":
        void runTrustServer(desk);
        return;
      case "restartDaemon":
        void runRestartDaemon(desk);
        return;
      case "showLog":
        desk.showLog();
        return;
      case "unblock":
        void runUnblock(desk, { name: panel.name });
        return;
    }
  };
}
