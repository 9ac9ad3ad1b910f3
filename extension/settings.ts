// The settings of Chat Room, read where they are used so that a change counts at once. Where a person signs in to has
// application scope: a repository must not redirect it.

import { workspace } from "vscode";
import { defaultServer } from "./account/inputs.ts";

export interface Settings {
  /** Proposed at the first sign-in. */
  readonly server: string;
  readonly notifications: boolean;
}

export function readSettings(): Settings {
  const settings = workspace.getConfiguration("chatRoom");
  const server: unknown = settings.get("server");
  const notifications: unknown = settings.get("notifications");
  return {
    server: typeof server === "string" && server.trim() !== "" ? server.trim() : defaultServer,
    notifications: notifications !== "off" && notifications !== false,
  };
}
