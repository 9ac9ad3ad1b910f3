// What is shipped: each bundle is self-contained (it asks for nothing but Node's own modules and `vscode`), and the .vsix
// holds the listed files only, under its size.

import { readFile, stat } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { listFiles } from "@vscode/vsce";
import { makePackage } from "./package.ts";
import { root } from "./run.ts";

const maxPackageBytes = 1_000_000;
const shipped =
  /^(dist\/(extension|daemon|cli|server|webview)\.js|dist\/webview-style\.css|dist\/codicon\.ttf|extension\/media\/[\w-]+\.(svg|png)|package(\.nls(\.[a-z-]+)?)?\.json|l10n\/bundle\.l10n\.[a-z-]+\.json|README\.md|CHANGELOG\.md|LICENSE|SECURITY\.md|docs\/images\/[\w-]+\.png)$/;
const problems: string[] = [];

const vsix = await makePackage();
const bytes = (await stat(vsix)).size;
console.log(`  ${bytes} bytes`);
if (bytes > maxPackageBytes) problems.push(`the .vsix has ${bytes} bytes, more than ${maxPackageBytes}`);

for (const file of await listFiles({ cwd: root, packagedDependencies: [] })) {
  if (!shipped.test(file)) problems.push(`${file} would be shipped; list it in .vscodeignore`);
}

const known = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`), "node:sqlite"]);
for (const bundle of ["extension", "daemon", "cli", "server"]) {
  const text = await readFile(join(root, "dist", `${bundle}.js`), "utf8");
  for (const [, wanted] of text.matchAll(/\brequire\("([^"]+)"\)/g)) {
    const allowed = wanted !== undefined && (known.has(wanted) || (bundle === "extension" && wanted === "vscode"));
    if (!allowed) problems.push(`dist/${bundle}.js asks for ${wanted ?? "?"}`);
  }
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}
