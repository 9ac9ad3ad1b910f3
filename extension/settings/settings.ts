// The settings of Chat Room, read where they are used so that a change counts at once. Where a person signs in to, and who
// may reach this machine, has application scope: a repository must not change it. Values may be anything and are checked.

import { workspace } from "vscode";
import type { DirectMode } from "../../protocol/api/direct.ts";
import { defaultServer } from "../../protocol/server-address.ts";
import { Emitter } from "../ui/signal.ts";
import type { Disposable, Signal } from "../ui/signal.ts";

export interface Settings {
  /** Proposed at the first sign-in. */
  readonly server: string;
  /** `mentions`: only messages that name this person. */
  readonly notifications: "on" | "mentions" | "off";
  readonly quietWhileDebugging: boolean;
  readonly direct: { readonly mode: DirectMode; readonly interfaces: string[]; readonly port: number };
  /** What others may see: that this person is writing, and what they have read. */
  readonly signals: { readonly typing: boolean; readonly readMarks: boolean };
  /** How many days messages are kept on this machine; undefined: for ever. */
  readonly keptDays: number | undefined;
}

/** By the values of the setting; any other keeps everything. */
const keptDays: Readonly<Record<string, number>> = { "1 year": 365, "90 days": 90, "30 days": 30 };

export function readSettings(): Settings {
  const settings = workspace.getConfiguration("chatRoom");
  const server: unknown = settings.get("server");
  const notifications: unknown = settings.get("notifications");
  const mode: unknown = settings.get("p2p");
  return {
    server: typeof server === "string" && server.trim() !== "" ? server.trim() : defaultServer,
    notifications:
      notifications === "off" || notifications === false ? "off" : notifications === "mentions" ? "mentions" : "on",
    quietWhileDebugging: settings.get("quietWhileDebugging") !== false,
    direct: {
      mode: mode === "off" || mode === "contacts" ? mode : "ask",
      interfaces: readInterfaces(settings.get("p2pInterfaces")),
      port: readPort(settings.get("p2pPort")),
    },
    signals: {
      typing: settings.get("sendTyping") !== false,
      readMarks: settings.get("sendReadMarks") !== false,
    },
    keptDays: keptDays[String(settings.get("keepHistory"))],
  };
}

/** Fires when one of these settings changed, each named without `chatRoom.`. */
export function createSettingsSignal(...names: string[]): Signal<undefined> & Disposable {
  const emitter = new Emitter<undefined>();
  const subscription = workspace.onDidChangeConfiguration((change) => {
    if (names.some((name) => change.affectsConfiguration(`chatRoom.${name}`))) emitter.fire(undefined);
  });
  return { on: (listener) => emitter.on(listener), dispose: () => void subscription.dispose() };
}

function readInterfaces(given: unknown): string[] {
  if (!Array.isArray(given)) return [];
  const names = given.filter((each): each is string => typeof each === "string").map((each) => each.trim());
  return names.filter((each) => each !== "" && each.length <= 64).slice(0, 32);
}

function readPort(given: unknown): number {
  return typeof given === "number" && Number.isInteger(given) && given >= 0 && given <= 65_535 ? given : 0;
}
