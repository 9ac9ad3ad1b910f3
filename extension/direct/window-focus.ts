// Whether this window has the person's attention: it is in front, or none is and it was the last that had been.

import { randomUUID } from "node:crypto";
import { window } from "vscode";
import { Emitter } from "../signal.ts";
import type { Disposable } from "../signal.ts";
import type { SharedNotes } from "../shared-notes-port.ts";
import type { Attention } from "./asking.ts";

export function createWindowFocus(notes: SharedNotes): Attention & Disposable {
  const changed = new Emitter<undefined>();
  const own = randomUUID();
  const note = (): void => {
    if (window.state.focused) void notes.write("lastWindow", own);
  };
  const subscription = window.onDidChangeWindowState(() => {
    note();
    changed.fire(undefined);
  });
  note();
  return {
    isHere: async () => window.state.focused || (await notes.read("lastWindow")) === own,
    changed,
    dispose: () => void subscription.dispose(),
  };
}
