// Problem: a VS Code under test must not see the person's own VS Code, settings, tokens or proxies (an integrated terminal
// exports dozens of VSCODE_ variables, code-server obeys PORT and PASSWORD), nor reach beyond this machine.
// Approach: an environment built from a short list of names, a separate home, a short temporary folder (socket paths have
// 103 bytes at most) that is removed at the end, no extension marketplace.
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "./cache.ts";

const inherited =
  process.platform === "win32"
    ? ["Path", "PATH", "PATHEXT", "SystemRoot", "SystemDrive", "ComSpec", "windir", "NUMBER_OF_PROCESSORS"]
    : ["PATH", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME", "SHELL"];

export interface Sandbox {
  readonly env: NodeJS.ProcessEnv;
  /** Short, empty, removed by `dispose`. */
  readonly temporaryFolder: string;
  /** Removes the temporary folder. The home is left to its owner. */
  dispose(): Promise<void>;
}

/** Creates `home` if it does not exist. `env` comes last and may override anything. */
export async function createSandbox(home: string, env: NodeJS.ProcessEnv): Promise<Sandbox> {
  await mkdir(home, { recursive: true });
  const temporaryFolder = await mkdtemp(join(shortTemporaryRoot(), "cr-"));
  const base = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  return {
    temporaryFolder,
    env: {
      ...definedOnly(base),
      ...platformHome(home),
      TMPDIR: temporaryFolder,
      TEMP: temporaryFolder,
      TMP: temporaryFolder,
      EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "" }),
      ...definedOnly(env),
    },
    dispose: () => removeFolder(temporaryFolder),
  };
}

/** The path of the system's own temporary folder may be too long. */
export function shortTemporaryRoot(): string {
  return process.platform === "win32" ? tmpdir() : "/tmp";
}

function platformHome(home: string): NodeJS.ProcessEnv {
  if (process.platform !== "win32") return { HOME: home };
  return { USERPROFILE: home, APPDATA: join(home, "AppData", "Roaming"), LOCALAPPDATA: join(home, "AppData", "Local") };
}

function definedOnly(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
