// The settings of Chat Room, read on every use so that a change applies at once. The settings for the server, and for who
// may reach this machine, have application scope, because a repository must not change them. Values may be anything and are
// checked.

import { workspace } from "vscode";
import type { DirectMode } from "../../protocol/api/direct.ts";
import { defaultServer } from "../account/inputs.ts";
import { Emitter } from "../ui/signal.ts";
import type { Disposable, Signal } from "../ui/signal.ts";

const offered = ["all", "on", "mentions", "off"] as const;
type Notifications = (typeof offered)[number];

export interface Settings {
  /** Proposed at the first sign-in. */
  readonly server: string;
  /** `all`: also reactions to this person's messages. `mentions`: only messages that mention them. */
  readonly notifications: Notifications;
  readonly quietWhileDebugging: boolean;
  readonly direct: { readonly mode: DirectMode; readonly interfaces: string[]; readonly port: number };
  /** What others may see: that this person is writing, and what they have read. */
  readonly signals: { readonly typing: boolean; readonly readMarks: boolean };
  /** How many days messages are kept on this machine; undefined: forever. */
  readonly keptDays: number | undefined;
}

/** Days by the setting's value; any other value keeps everything. */
const keptDays: Readonly<Record<string, number>> = { "1 year": 365, "90 days": 90, "30 days": 30 };

export function readSettings(): Settings {
  const settings = workspace.getConfiguration("chatRoom");
  const server: unknown = settings.get("server");
  const notifications: unknown = settings.get("notifications");
  const mode: unknown = settings.get("p2p");
  return {
    server: typeof server === "string" && server.trim() !== "" ? server.trim() : defaultServer,
    notifications: notifications === false ? "off" : (offered.find((each) => each === notifications) ?? "on"),
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

/** Returns a signal that fires when one of these settings changed. Names are without `chatRoom.`. */
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
