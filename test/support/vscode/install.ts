// Problem: the tests need a real VS Code, and the npm registry is the only source that everyone can reach.
// Approach: code-server (VS Code with a server in front), pinned, in the cache folder, installed once. Its VS Code half has
// two package.json files whose modules its install script would fetch; we fetch them ourselves, so no script runs and
// nothing is compiled.
// Limits: native modules are not built: no file logging, no integrated terminal. VS Code logs that and continues.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { demandIntegrity } from "../integrity.ts";
import { cacheRoot, makeOnce } from "./cache.ts";
import { NpmError, npmInstall } from "./npm.ts";

const codeServerVersion = "4.139.1";
/** Of its package, as in a lock file. Its dependencies come in the versions it names, without hashes of ours. */
const codeServerIntegrity =
  "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==";
const nodeMajor = 24;

export interface VSCodeInstall {
  /** The folder that contains everything. */
  readonly folder: string;
  /** Version of VS Code itself, such as `1.139.1`. */
  readonly version: string;
  /** A Node of the major version that this VS Code needs. */
  readonly node: string;
  /** Entry of the whole product, as a person uses it. */
  readonly codeServerMain: string;
  /** Entry of the bare VS Code server, which can run extension tests. */
  readonly vscodeServerMain: string;
}

export class VSCodeInstallError extends Error {
  override readonly name = "VSCodeInstallError";
}

/** Returns the pinned VS Code, fetching it first (about 620 MB) if this machine has none. */
export async function ensureVSCode(progress: (line: string) => void): Promise<VSCodeInstall> {
  const folder = join(cacheRoot(), `vscode-${codeServerVersion}`);
  const node = nodeExecutable();
  try {
    await makeOnce(folder, async (staging) => {
      progress(`VS Code for the tests is fetched once (code-server ${codeServerVersion}, 620 MB) into ${folder}`);
      const startedMs = performance.now();
      await fetchVSCode(staging, progress);
      progress(`VS Code is there, after ${Math.round((performance.now() - startedMs) / 1000)} s`);
    });
    return await describe(folder, node);
  } catch (error) {
    throw new VSCodeInstallError(advice(folder, error), { cause: error });
  }
}

async function fetchVSCode(staging: string, progress: (line: string) => void): Promise<void> {
  const manifest = { private: true, dependencies: { "code-server": codeServerVersion } };
  await writeFile(join(staging, "package.json"), JSON.stringify(manifest));
  const vscode = vscodeFolder(staging);
  const steps = [
    ["VS Code", staging],
    ["modules of its server", vscode],
    ["modules of its built-in extensions", join(vscode, "extensions")],
  ] as const;
  for (const [index, [what, folder]] of steps.entries()) {
    progress(`[${index + 1}/${steps.length}] ${what}`);
    await npmInstall(folder);
    if (folder === staging) await demandIntegrity(staging, "code-server", codeServerIntegrity);
  }
}

function vscodeFolder(folder: string): string {
  return join(folder, "node_modules", "code-server", "lib", "vscode");
}

async function describe(folder: string, node: string): Promise<VSCodeInstall> {
  const vscode = vscodeFolder(folder);
  const manifest: unknown = JSON.parse(await readFile(join(vscode, "package.json"), "utf8"));
  const version =
    typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : undefined;
  return {
    folder,
    version: typeof version === "string" ? version : "unknown",
    node,
    codeServerMain: join(folder, "node_modules", "code-server", "out", "node", "entry.js"),
    vscodeServerMain: join(vscode, "out", "server-main.js"),
  };
}

function nodeExecutable(): string {
  if (Number.parseInt(process.versions.node) === nodeMajor) return process.execPath;
  const manifest = resolveOptional("node/package.json");
  if (manifest === undefined) {
    throw new VSCodeInstallError(
      `This VS Code runs on Node ${nodeMajor}, you run ${process.version}, and the optional package "node" is missing: ` +
        `run \`npm install\` again without --omit=optional, or run the tests on Node ${nodeMajor}.`,
    );
  }
  return join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
}

function resolveOptional(specifier: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(specifier);
  } catch {
    return undefined;
  }
}

function advice(folder: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const cure =
    error instanceof NpmError
      ? "Check that `npm ping` answers (behind a proxy or a mirror: that your npmrc names it)"
      : "Check that the folder can be written";
  return (
    `The VS Code for the tests could not be fetched into ${folder}.\n` +
    `${cure} and that 1 GB is free there (XDG_CACHE_HOME moves it), then run the command again.\n${reason}`
  );
}
