// Tells the terminals of this window which daemon the window uses, so that `chat-room` there talks to it, also from a
// terminal in a container. Otherwise it could start a second daemon, which would sign the window out. The secret that
// authenticates the client is in a private file beside the socket, not in the environment, which every program can read. No
// vscode.

import { daemonStatus } from "../../protocol/api/session.ts";
import type { Daemon } from "./port.ts";
import type { Disposable } from "../ui/signal.ts";

/** The part of VS Code's EnvironmentVariableCollection that is used here. */
export interface TerminalEnvironment {
  description?: unknown;
  get(name: string): { readonly value: string } | undefined;
  replace(name: string, value: string): void;
}

export function offerDaemonToTerminals(
  daemon: Daemon,
  environment: TerminalEnvironment,
  description: string,
): Disposable {
  environment.description = description;
  const offer = async (): Promise<void> => {
    if (daemon.link.state !== "connected") return;
    const status = await daemon.request(daemonStatus, {});
    if (!status.ok || status.homeId === undefined) return;
    // Only if changed, because VS Code marks open terminals as outdated at every change.
    const set = (name: string, value: string): void => {
      if (environment.get(name)?.value !== value) environment.replace(name, value);
    };
    const separator = /^([a-z]:|\\\\)/i.test(status.home) ? "\\" : "/";
    set("CHAT_ROOM_SOCKET", `${status.home}${separator}rendezvous.sock`);
    set("CHAT_ROOM_SOCKET_ID", status.homeId);
  };
  const following = daemon.linkChanged.on(() => void offer());
  void offer();
  return following;
}
