// The settings of Chat Room, read where they are used so that a change counts at once: each by its definition.

import { workspace } from "vscode";
import { Emitter } from "../ui/signal.ts";
import type { Disposable, Signal } from "../ui/signal.ts";
import { settingsOf } from "./definitions.ts";
import type { SettingName, Settings } from "./definitions.ts";

export function readSettings(): Settings {
  const given = workspace.getConfiguration("chatRoom");
  return settingsOf((name) => given.get(name));
}

/** Fires when one of these settings changed. */
export function createSettingsSignal(names: readonly SettingName[]): Signal<undefined> & Disposable {
  const emitter = new Emitter<undefined>();
  const subscription = workspace.onDidChangeConfiguration((change) => {
    if (names.some((name) => change.affectsConfiguration(`chatRoom.${name}`))) emitter.fire(undefined);
  });
  return { on: (listener) => emitter.on(listener), dispose: () => void subscription.dispose() };
}
