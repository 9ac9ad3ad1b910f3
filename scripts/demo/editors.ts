// A VS Code for a person of the demo: the desktop's own if there is one and a display, else one from the npm registry,
// served on a local address.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { resolveCliArgsFromVSCodeExecutablePath } from "@vscode/test-electron";
import { findDesktopVSCode } from "../../test/support/vscode/desktop.ts";
import { ensureVSCode } from "../../test/support/vscode/install.ts";
import { startTree } from "../../test/support/vscode/process-tree.ts";
import { startUserVSCode } from "../../test/support/vscode/user-instance.ts";
import type { Person } from "./person.ts";

export interface Editor {
  readonly person: Person;
  /** Where to open it in a browser; undefined for a desktop window, which is open already. */
  readonly url: string | undefined;
  /** Ends it and everything it started. Idempotent. */
  dispose(): Promise<void>;
}

/** Returns a function that opens the editor of a person. Fetches a VS Code first if there is none. */
export async function editorOpener(vsixFile: string): Promise<(person: Person, port: number) => Promise<Editor>> {
  const desktop = findDesktopVSCode();
  if (desktop !== undefined) return (person) => openDesktop(desktop, vsixFile, person);
  const install = await ensureVSCode((line) => console.log(`  ${line}`));
  return async (person, port) => {
    const folder = await workspaceOf(person);
    const options = { install, home: person.folder, folder, vsixFile, env: { CHAT_ROOM_HOME: person.home } };
    // A fixed port keeps data that the browser stores; if it is taken, any other will do.
    const editor = await startUserVSCode({ ...options, port }).catch(() => startUserVSCode(options));
    return { person, url: editor.url, dispose: () => editor.dispose() };
  };
}

async function openDesktop(executable: string, vsixFile: string, person: Person): Promise<Editor> {
  const folder = await workspaceOf(person);
  const own = [
    `--user-data-dir=${join(person.folder, "vscode-data")}`,
    `--extensions-dir=${join(person.folder, "vscode-extensions")}`,
  ];
  const [cli, ...cliArgs] = resolveCliArgsFromVSCodeExecutablePath(executable);
  if (cli === undefined) throw new Error(`${executable} has no command line beside it. Set VSCODE_EXECUTABLE.`);
  const env = { ...process.env, CHAT_ROOM_HOME: person.home };
  const installation = startTree({
    command: cli,
    args: [...cliArgs, ...own, "--force", "--install-extension", vsixFile],
    cwd: person.folder,
    env,
  });
  await installation.ended;
  await installation.dispose();
  const args = [...own, "--new-window", "--disable-workspace-trust", "--skip-welcome", folder];
  const tree = startTree({ command: executable, args, cwd: person.folder, env });
  return { person, url: undefined, dispose: () => tree.dispose() };
}

async function workspaceOf(person: Person): Promise<string> {
  const folder = join(person.folder, `${person.name}-project`);
  await mkdir(folder, { recursive: true });
  return folder;
}
