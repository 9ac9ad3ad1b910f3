// Problem: a test needs the VS Code of one person: own home, own settings, the packaged extension installed.
// Approach: code-server on a loopback port, one process tree per person, everything under that person's home. So two people
// fit on one machine, and a second start with the same home is the same person again.
// Limit: data that a browser stores (secrets, window layout) is stored by the browser context, not here.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import type { VSCodeInstall } from "./install.ts";
import { createSandbox } from "./sandbox.ts";
import { runToEnd, startServer } from "./server-process.ts";
import { writeSettings, type Settings } from "./settings.ts";

const readyDeadlineMs = 60_000;
const installDeadlineMs = 120_000;

export interface UserVSCodeOptions {
  readonly install: VSCodeInstall;
  /** Absolute folder with everything this person has; created if missing, never removed here. */
  readonly home: string;
  /** Workspace folder to open, absolute. */
  readonly folder: string;
  /** Added to a minimal environment (own HOME, nothing of ours but PATH and locale); reaches the extension. */
  readonly env?: NodeJS.ProcessEnv;
  /** Packaged extension to install first. */
  readonly vsixFile?: string;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** User settings in addition to the quiet ones. */
  readonly settings?: Settings;
  /** How long the extension host waits for a closed or reloaded page to come back. Default 5 (VS Code: 3 hours). */
  readonly reconnectionGraceTimeS?: number;
  readonly onLine?: (line: string) => void;
}

export interface UserVSCode {
  /** The page of this VS Code with the folder open. */
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  readonly home: string;
  logTail(): string;
  /** Ends every process of this VS Code, and what its extensions started. Idempotent. */
  dispose(): Promise<void>;
}

export async function startUserVSCode(options: UserVSCodeOptions): Promise<UserVSCode> {
  const { install, home } = options;
  const userData = join(home, "vscode-data");
  const extensions = join(home, "vscode-extensions");
  await mkdir(extensions, { recursive: true });
  await writeSettings(join(userData, "User", "settings.json"), options.settings);
  const sandbox = await createSandbox(home, options.env ?? {});
  const launch = {
    command: install.node,
    cwd: home,
    env: sandbox.env,
    removeFolders: [sandbox.temporaryFolder],
    ...(options.onLine && { onLine: options.onLine }),
  };
  const main = [install.codeServerMain, `--user-data-dir=${userData}`, `--extensions-dir=${extensions}`];
  try {
    if (options.vsixFile !== undefined) {
      const args = [...main, "--force", `--install-extension=${options.vsixFile}`];
      await runToEnd({ ...launch, args, name: `installing ${options.vsixFile}`, deadlineMs: installDeadlineMs });
    }
    const { tree, port } = await startServer({
      ...launch,
      name: "code-server",
      args: [...main, ...serverFlags(options, sandbox.temporaryFolder)],
      portPattern: /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/,
      readyPath: "/healthz",
      deadlineMs: readyDeadlineMs,
    });
    return {
      url: `http://127.0.0.1:${port}/?folder=${encodeURIComponent(options.folder)}`,
      port,
      process: tree.process,
      home,
      logTail: () => tree.logTail(),
      dispose: async () => {
        await tree.dispose();
        await sandbox.dispose();
      },
    };
  } catch (error) {
    await sandbox.dispose();
    throw error;
  }
}

function serverFlags(options: UserVSCodeOptions, temporaryFolder: string): string[] {
  return [
    "--auth=none",
    `--bind-addr=127.0.0.1:${options.port ?? 0}`,
    `--session-socket=${join(temporaryFolder, "session.sock")}`,
    `--reconnection-grace-time=${options.reconnectionGraceTimeS ?? 5}`,
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-workspace-trust",
    "--disable-getting-started-override",
  ];
}
