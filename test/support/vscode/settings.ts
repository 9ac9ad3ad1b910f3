// Initial settings of every VS Code under test: nothing opens, asks, fetches or reports by itself.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

export type Settings = Readonly<Record<string, unknown>>;

const quiet: Settings = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "npm.autoDetect": "off",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.autoDetectColorScheme": true, // the page's `colorScheme` chooses dark or light
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Writes a settings file: the quiet settings, overridden by what the file contained, overridden by `settings`. */
export async function writeSettings(file: string, settings: Settings = {}): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const merged = { ...quiet, ...(await readSettings(file)), ...settings };
  await writeFile(file, `${JSON.stringify(merged, undefined, 2)}\n`);
}

/** A missing file has no settings. A file that VS Code wrote is plain JSON, without comments. */
async function readSettings(file: string): Promise<Settings> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? { ...value } : {};
}
