// How the scripts start other programs: on the Node that runs the script, the project's own tools by their files, output
// passed through, and an exception that names what failed.

import { spawn } from "node:child_process";
import type { SpawnOptions } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @returns the exit code; 1 for a program that a signal ended */
export async function exitCodeOf(file: string, args: readonly string[], options: SpawnOptions = {}): Promise<number> {
  const child = spawn(file, args, { cwd: root, stdio: "inherit", ...options });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** Runs a script of this project, or a tool's JavaScript file, on this Node. */
export async function runNode(args: readonly string[], options: SpawnOptions = {}): Promise<void> {
  const code = await exitCodeOf(process.execPath, args, options);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with exit code ${code}`);
}

/** Returns the JavaScript file of a dependency's command, so that no shell or platform-specific wrapper is needed. */
export function toolFile(packageName: string, command: string = packageName): string {
  const require = createRequire(import.meta.url);
  const manifestFile = join(root, "node_modules", packageName, "package.json");
  const manifest = require(manifestFile) as { bin?: string | Record<string, string> };
  const file = typeof manifest.bin === "string" ? manifest.bin : manifest.bin?.[command];
  if (file === undefined) throw new Error(`${packageName} has no command ${command}. Run: npm ci`);
  return join(dirname(manifestFile), file);
}
