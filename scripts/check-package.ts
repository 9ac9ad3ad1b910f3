// Checks what is shipped: each bundle is self-contained (it requires only Node's own modules, `vscode` and a bundle beside
// it), the code that a window waits for is small, and the .vsix contains only the listed files and is below its size limit.

import { globSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { listFiles } from "@vscode/vsce";
import { makePackage } from "./package.ts";
import { root } from "./run.ts";

const maxPackageBytes = 1_000_000;
/** For the code that is compiled while a window waits for the activation. */
const maxActivationBytes = 140_000;
const shipped =
  /^(dist\/(extension|commands|language-client|markdown|daemon|cli|server|webview)\.js|dist\/webview-style\.css|dist\/codicon\.ttf|extension\/media\/[\w-]+\.(svg|png)|package(\.nls(\.[a-z-]+)?)?\.json|l10n\/bundle\.l10n\.[a-z-]+\.json|README\.md|CHANGELOG\.md|LICENSE|SECURITY\.md)$/;
const problems: string[] = [];

const vsix = await makePackage();
const bytes = (await stat(vsix)).size;
console.log(`  ${bytes} bytes`);
if (bytes > maxPackageBytes) problems.push(`the .vsix has ${bytes} bytes, more than ${maxPackageBytes}`);

const listed = await listFiles({ cwd: root, packagedDependencies: [] });
for (const file of globSync(["package.nls*.json", "l10n/bundle.l10n.*.json"], { cwd: root })) {
  if (!listed.includes(file)) problems.push(`${file} would not be shipped; list it in .vscodeignore`);
}
for (const file of listed) {
  if (!shipped.test(file)) problems.push(`${file} would be shipped; list it in .vscodeignore`);
}

const activation = (await stat(join(root, "dist", "extension.js"))).size;
if (activation > maxActivationBytes)
  problems.push(`dist/extension.js has ${activation} bytes: load what is not needed late`);

const known = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`), "node:sqlite"]);
/** What a bundle requires besides Node's own modules. */
const asked: Readonly<Record<string, readonly string[]>> = {
  extension: ["vscode", "./commands.js", "./language-client.js", "./markdown.js"],
  commands: ["vscode", "./markdown.js"],
  "language-client": ["vscode"],
};
for (const bundle of ["extension", "commands", "language-client", "markdown", "daemon", "cli", "server"]) {
  const text = await readFile(join(root, "dist", `${bundle}.js`), "utf8");
  for (const [, wanted] of text.matchAll(/\brequire\("([^"]+)"\)/g)) {
    const allowed = wanted !== undefined && (known.has(wanted) || asked[bundle]?.includes(wanted) === true);
    if (!allowed) problems.push(`dist/${bundle}.js asks for ${wanted ?? "?"}`);
  }
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}
