// Problem: run a compiled test module (one that exports `run()`) inside VS Code's extension host, beside the extension.
// Approach: the bare VS Code server with its smoke test driver serves a page that, opened with the right payload, starts
// an extension host for development and reports through two functions that we put into the page.
// Limits: the page is the only window; extension settings go into the machine's settings file.
import { mkdtemp } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import type { Page } from "playwright-core";
import { launchBrowser, type TestBrowser } from "./browser.ts";
import { removeFolder } from "./cache.ts";
import type { VSCodeInstall } from "./install.ts";
import { withoutNoise } from "./noise.ts";
import { createSandbox, shortTemporaryRoot, type Sandbox } from "./sandbox.ts";
import { screenshotFailure } from "./screenshot.ts";
import { startServer, type ServerProcess } from "./server-process.ts";
import { writeSettings, type Settings } from "./settings.ts";
import { writeTestEntry, type TestEntry } from "./test-entry.ts";
import { until } from "./until.ts";

export interface ExtensionTestOptions {
  /** Folder with the extension's package.json, absolute. */
  readonly extensionPath: string;
  /** Compiled CommonJS module that exports `run(): Promise<void>`, absolute. */
  readonly testsPath: string;
  /** Folder to open, absolute. */
  readonly workspace: string;
  /** Added to a minimal environment; reaches extension and tests. */
  readonly env?: NodeJS.ProcessEnv;
  readonly settings?: Settings;
  /** The whole run including the start. Default 5 minutes. */
  readonly deadlineMs?: number;
  /** Receives the output of the tests. Default: our standard output. */
  readonly onLine?: (line: string) => void;
}

export interface ExtensionHostOptions extends ExtensionTestOptions {
  readonly install: VSCodeInstall;
}

/** Returns the exit code of the run: 0 if `run()` resolved. Throws, with log and screenshot, if it never ended. */
export async function runInExtensionHost(options: ExtensionHostOptions): Promise<number> {
  const home = await mkdtemp(join(shortTemporaryRoot(), "cr-home-"));
  const sandbox = await createSandbox(home, options.env ?? {});
  let server: ServerProcess | undefined;
  let browser: TestBrowser | undefined;
  try {
    browser = await launchBrowser();
    server = await startTestServer(options, home, sandbox);
    const entry = await writeTestEntry(home, options.testsPath);
    return await runPage(options, entry, server, await browser.openPage());
  } finally {
    await browser?.dispose();
    await server?.tree.dispose();
    await sandbox.dispose();
    await removeFolder(home);
  }
}

async function startTestServer(options: ExtensionHostOptions, home: string, sandbox: Sandbox): Promise<ServerProcess> {
  await writeSettings(join(home, "user", "User", "settings.json"), options.settings);
  return startServer({
    name: "VS Code server",
    command: options.install.node,
    args: [
      options.install.vscodeServerMain,
      "--host=127.0.0.1",
      "--port=0",
      "--without-connection-token",
      "--accept-server-license-terms",
      "--enable-smoke-test-driver",
      `--user-data-dir=${join(home, "user")}`,
      `--server-data-dir=${join(home, "server")}`,
      `--extensions-dir=${join(home, "extensions")}`,
      "--disable-telemetry",
      "--disable-workspace-trust",
    ],
    cwd: home,
    env: sandbox.env,
    removeFolders: [home, sandbox.temporaryFolder],
    portPattern: /Extension host agent listening on (\d+)/,
    readyPath: "/version",
    deadlineMs: 60_000,
  });
}

async function runPage(
  options: ExtensionTestOptions,
  entry: TestEntry,
  server: ServerProcess,
  page: Page,
): Promise<number> {
  const write = options.onLine ?? ((line: string) => process.stdout.write(`${line}\n`));
  const failed = (): Promise<string> => screenshotFailure(page, `extension-host-${basename(options.testsPath, ".js")}`);
  let exitCode: number | undefined;
  await page.exposeFunction("codeAutomationLog", (_level: string, args: readonly unknown[]) => {
    const text = withoutNoise(format(...args));
    if (text !== undefined) write(text);
  });
  await page.exposeFunction("codeAutomationExit", (code: number) => {
    exitCode = code;
  });
  const ending = until("the tests to end", () => exitCode, options.deadlineMs ?? 5 * 60_000);
  const broken = new Promise<never>((_resolve, reject) => {
    page.once("crash", () => reject(new Error("the page crashed")));
    void server.tree.ended.then((how) => reject(new Error(`VS Code ${how}`)));
  });
  try {
    await page.goto(testPageUrl(server.port, options, entry), { waitUntil: "domcontentloaded" });
    const code = entry.verdict(await Promise.race([ending, broken]));
    if (code !== 0) write(await failed());
    return code;
  } catch (error) {
    throw new Error(`${String(error)}\n${await failed()}\n${server.tree.logTail()}`, { cause: error });
  } finally {
    exitCode ??= -1; // lets `ending` settle
    await Promise.allSettled([ending]);
    broken.catch(() => undefined);
  }
}

function testPageUrl(port: number, options: ExtensionTestOptions, entry: TestEntry): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${pathToFileURL(path).pathname}`;
  const payload = [
    ["extensionDevelopmentPath", remote(options.extensionPath)],
    ["extensionTestsPath", remote(entry.path)],
    ["skipWelcome", "true"],
  ];
  const query = new URLSearchParams({ folder: options.workspace, payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}
