// `npm run package`: builds the bundles and packs them into chat-room.vsix, like `npx vsce package` under another name. The
// package contains no node_modules. Links and pictures of the README point to the `repository` of package.json.

import { join } from "node:path";
import { root, runNode, toolFile } from "./run.ts";

export const vsixFile = join(root, "chat-room.vsix");

/**
 * Builds dist/ (as `vscode:prepublish`) and the .vsix. Returns the file.
 * @param buildOptions of esbuild.mjs: `--tests` adds the tests' bundle to dist/, not to the package
 */
export async function makePackage(...buildOptions: string[]): Promise<string> {
  if (buildOptions.length > 0) await runNode(["esbuild.mjs", ...buildOptions]);
  await runNode([toolFile("@vscode/vsce", "vsce"), "package", "--out", vsixFile]);
  return vsixFile;
}

if (process.argv[1] === import.meta.filename) await makePackage();
