// The few things that all windows of one person have to agree on and that are not the daemon's: small files in VS Code's
// folder for this extension. VS Code's own stores are read once a window, so another window's change would be missed.

import { randomUUID } from "node:crypto";
import { FileType, Uri, workspace } from "vscode";
import { messageOf } from "./log.ts";
import type { Log } from "./log.ts";
import type { NoteName, SharedNotes } from "./shared-notes-port.ts";

const maxBytes = 4_096;

export function createSharedNotes(folder: Uri, log: Log): SharedNotes {
  const fileOf = (name: NoteName): Uri => Uri.joinPath(folder, `${name}.txt`);
  return {
    async read(name) {
      try {
        const { type, size } = await workspace.fs.stat(fileOf(name));
        if (type !== FileType.File || size > maxBytes) return undefined;
        return new TextDecoder().decode(await workspace.fs.readFile(fileOf(name)));
      } catch {
        return undefined; // nobody has written it yet
      }
    },
    async write(name, text) {
      const part = Uri.joinPath(folder, `${name}.${randomUUID()}.part`);
      try {
        await workspace.fs.createDirectory(folder);
        await workspace.fs.writeFile(part, new TextEncoder().encode(text));
        await workspace.fs.rename(part, fileOf(name), { overwrite: true });
      } catch (error) {
        log.warn(`the note ${name} was not written: ${messageOf(error)}`);
      }
    },
  };
}
