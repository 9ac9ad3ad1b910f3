// `npm run package`: builds the bundles and makes chat-room.vsix of them. The package holds no node_modules.

import { join } from "node:path";
import { root, runNode, toolFile } from "./run.ts";

export const vsixFile = join(root, "chat-room.vsix");

/**
 * Builds dist/ and the .vsix; answers the file.
 * @param buildOptions of esbuild.mjs: `--tests` adds the tests' bundle to dist/, not to the package
 */
export async function makePackage(...buildOptions: string[]): Promise<string> {
  await runNode(["esbuild.mjs", ...buildOptions]);
  const options = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", vsixFile];
  await runNode([toolFile("@vscode/vsce", "vsce"), "package", ...options]);
  return vsixFile;
}

if (process.argv[1] === import.meta.filename) await makePackage();
