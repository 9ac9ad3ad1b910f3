// Problem: run `npm install` in a folder of ours, whatever started us (npm, npx, mocha, a bare node) and whatever the
// person's npmrc or a surrounding `npm run` set for layout, engines or scripts.
// Approach: the layout is set on npm's command line, which overrides environment and npmrc. Registry, proxy and
// certificates stay the person's own, so no host is named here. Package scripts never run.
import { spawn } from "node:child_process";
import { basename } from "node:path";
import { createLineTail } from "./line-tail.ts";

const deadlineMs = 15 * 60_000;

/** Variables that a surrounding `npm run` exports for its own project; they must not affect an install elsewhere. */
const foreignLayout =
  /^npm_(package_|lifecycle_|command$|config_(local_prefix|prefix|global_prefix|global|location|workspaces?|include_workspace_root|omit|include|only|production|optional|dry_run|nodedir|install_strategy|package_lock_only|save.*)$)/i;

export class NpmError extends Error {
  override readonly name = "NpmError";
}

/**
 * Installs `specs` (or the dependencies of the folder's package.json, if there are none) into `folder`. Throws NpmError.
 */
export async function npmInstall(folder: string, specs: readonly string[] = []): Promise<void> {
  const npm = npmCommand();
  const args = [
    ...npm.args,
    "install",
    ...specs,
    `--prefix=${folder}`,
    "--ignore-scripts",
    "--omit=dev",
    "--global=false",
    "--dry-run=false",
    "--engine-strict=false",
    "--install-strategy=hoisted",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
  ];
  const child = spawn(npm.command, args, {
    cwd: folder,
    env: npmEnvironment(process.env),
    shell: npm.shell,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: deadlineMs,
    windowsHide: true,
  });
  const tail = createLineTail(25);
  tail.follow(child.stdout);
  tail.follow(child.stderr);
  const ending = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    child.once("close", (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? code ?? "?"}`));
  });
  if (ending !== undefined)
    throw new NpmError(`${["npm install", ...specs].join(" ")} in ${folder} ${ending}\n${tail.text()}`);
}

interface NpmCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly shell: boolean;
}

function npmCommand(): NpmCommand {
  const path = process.env["npm_execpath"];
  // npm_execpath may also be yarn or pnpm
  if (path !== undefined && /^npm-cli\.c?js$/.test(basename(path))) {
    return { command: process.execPath, args: [path], shell: false };
  }
  return { command: "npm", args: [], shell: process.platform === "win32" }; // npm.cmd needs a shell
}

function npmEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !foreignLayout.test(name) && name !== "NODE_OPTIONS"),
  );
}
