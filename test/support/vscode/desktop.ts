// Problem: if a person has a desktop VS Code, the tests should run in that one.
// Approach: find its executable (not the `code` script, which returns before the tests end) and pass the same compiled test
// module to @vscode/test-electron, with separate data folders.
// Limit: it opens a window; without a display none is found. Nothing is downloaded.
import { existsSync, realpathSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { runTests, TestRunFailedError } from "@vscode/test-electron";
import { removeFolder } from "./cache.ts";
import { createLineTail } from "./line-tail.ts";
import type { ExtensionTestOptions } from "./extension-host.ts";
import { shortTemporaryRoot } from "./sandbox.ts";
import { writeSettings } from "./settings.ts";
import { writeTestEntry } from "./test-entry.ts";

/**
 * Returns `VSCODE_EXECUTABLE`, else this desktop's VS Code, else undefined. Throws if the variable names a missing file.
 */
export function findDesktopVSCode(): string | undefined {
  const named = process.env["VSCODE_EXECUTABLE"];
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) throw new Error(`VSCODE_EXECUTABLE names ${named}, which does not exist`);
    return named;
  }
  return hasDisplay() ? candidates().find((path) => existsSync(path)) : undefined;
}

export interface DesktopOptions extends ExtensionTestOptions {
  /** The result of `findDesktopVSCode`. */
  readonly executable: string;
}

/** Like `runInExtensionHost`, in a window on this desktop. */
export async function runInDesktopVSCode(options: DesktopOptions): Promise<number> {
  const data = await mkdtemp(join(shortTemporaryRoot(), "cr-desktop-"));
  const output = createOutput(options.onLine);
  try {
    await writeSettings(join(data, "user", "User", "settings.json"), options.settings);
    const entry = await writeTestEntry(data, options.testsPath);
    const exitCode = await runTests({
      vscodeExecutablePath: options.executable,
      extensionDevelopmentPath: options.extensionPath,
      extensionTestsPath: entry.path,
      extensionTestsEnv: { ELECTRON_RUN_AS_NODE: undefined, ...options.env },
      stdout: output,
      stderr: output,
      launchArgs: [
        options.workspace,
        `--user-data-dir=${join(data, "user")}`,
        `--extensions-dir=${join(data, "extensions")}`,
        "--disable-telemetry",
      ],
    });
    return entry.verdict(exitCode);
  } catch (error) {
    if (error instanceof TestRunFailedError && error.code !== undefined) return error.code;
    throw error;
  } finally {
    await removeFolder(data);
  }
}

function hasDisplay(): boolean {
  if (process.platform !== "linux") return true;
  return Boolean(process.env["DISPLAY"]) || Boolean(process.env["WAYLAND_DISPLAY"]);
}

function candidates(): string[] {
  if (process.platform === "darwin") {
    const bundle = join("Applications", "Visual Studio Code.app", "Contents", "MacOS");
    return ["/", homedir()].flatMap((root) => ["Code", "Electron"].map((name) => join(root, bundle, name)));
  }
  if (process.platform === "win32") {
    const roots = [join(process.env["LOCALAPPDATA"] ?? "", "Programs"), process.env["ProgramFiles"] ?? ""];
    return roots.filter((root) => root !== "").map((root) => join(root, "Microsoft VS Code", "Code.exe"));
  }
  return [...besideScripts(), "/usr/share/code/code", "/snap/code/current/usr/share/code/code"];
}

/** `…/code/bin/code` on the PATH is a script beside `…/code/code`; a remote or browser VS Code has no such file. */
function besideScripts(): string[] {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "code"))
    .filter((script) => existsSync(script))
    .map((script) => join(dirname(dirname(realpathSync(script))), "code"));
}

function createOutput(onLine: ((line: string) => void) | undefined): NodeJS.WritableStream {
  if (onLine === undefined) return process.stdout;
  const through = new PassThrough();
  createLineTail(1, onLine).follow(through);
  return through;
}
