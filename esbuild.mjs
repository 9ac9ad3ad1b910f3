// Bundles the programs of Chat Room into dist/, each self-contained except for what the extension loads late. `--watch`
// rebuilds; `--tests` adds the bundle of the tests that run inside VS Code's extension host. Only this file lists what may
// stay outside a bundle.
import { chmod, mkdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { context } from "esbuild";
import { commandFiles, declaresLate, lateStub, withoutManifestParts } from "./scripts/declarations.ts";

const watch = process.argv.includes("--watch");
const tests = process.argv.includes("--tests");
const { version } = JSON.parse(await readFile("package.json", "utf8"));

/** Builds are ordered by their build time, in seconds since 1970; a newer view replaces an older idle daemon. */
const build = Number(process.env.CHAT_ROOM_BUILD ?? Math.floor(Date.now() / 1000));

const shared = {
  bundle: true,
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  legalComments: "none",
  logLevel: watch ? "info" : "warning",
  define: { CHAT_ROOM_VERSION: JSON.stringify(version), CHAT_ROOM_BUILD: String(build) },
};
const node = { ...shared, platform: "node", format: "cjs", target: "node22", mainFields: ["module", "main"] };
const program = { ...node, banner: { js: "#!/usr/bin/env node" } };

/** A module whose functions load a bundle when one of them is first called. */
const asked = (bundle, ...names) =>
  names.map((name) => `export const ${name} = (...params) => require("./${bundle}.js").${name}(...params);`).join("\n");

/**
 * Most of the code that the extension uses, loaded when its activation is done: bundles of their own, which its own asks for.
 * The language client is imported late; the reader of Markdown and the large commands are asked for by their first use.
 */
const late = {
  "vscode-languageclient/node": 'module.exports = require("./language-client.js");',
  "extension/markdown/parse.ts": asked("markdown", "parseMessage", "codeBlockOf", "endsInCode"),
};
const loadsLate = {
  name: "loads-late",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode-languageclient\/node$/ }, ({ path }) => ({ path, namespace: "late" }));
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir }) => {
      const file = relative(import.meta.dirname, join(resolveDir, path)).replaceAll("\\", "/");
      return Object.hasOwn(late, file) ? { path: file, namespace: "late" } : undefined;
    });
    onResolve({ filter: /^\.\/(language-client|markdown|commands)\.js$/ }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: "late" }, ({ path }) => ({ contents: late[path] }));
  },
};

/** Files of commands that say `late` are a bundle of their own, and of a declaration only what runs is bundled. */
const declarations = (isLateBundle = false) => ({
  name: "declarations",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]extension[\\/](commands|settings)[\\/][\w-]+\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (basename(path) !== "late.ts") {
        const isStub = !isLateBundle && declaresLate(text);
        return { contents: isStub ? lateStub(text, "commands") : withoutManifestParts(text), loader: "ts" };
      }
      const files = [...commandFiles()].filter(([, { isLate }]) => isLate).map(([file]) => file);
      const contents = [text, ...files.map((file) => `export * from "./${file}";`)].join("\n");
      return { contents, loader: "ts", watchDirs: [dirname(path)] };
    });
  },
});

const targets = [
  {
    ...program,
    entryPoints: { server: "server/main.ts" },
    outdir: "dist",
    // The thread of its storage: from source it is a file of its own, the bundle starts itself.
    logOverride: { "empty-import-meta": "silent" },
  },
  { ...program, entryPoints: { daemon: "daemon/main.ts" }, outdir: "dist" },
  { ...program, entryPoints: { cli: "cli/main.ts" }, outdir: "dist" },
  {
    ...node,
    entryPoints: { extension: "extension/extension.ts" },
    outdir: "dist",
    external: ["vscode"],
    plugins: [loadsLate, declarations()],
  },
  { ...node, entryPoints: { "language-client": "vscode-languageclient/node" }, outdir: "dist", external: ["vscode"] },
  { ...node, entryPoints: { markdown: "extension/markdown/parse.ts" }, outdir: "dist" },
  {
    ...node,
    entryPoints: { commands: "extension/commands/late.ts" },
    outdir: "dist",
    external: ["vscode"],
    plugins: [loadsLate, declarations(true)],
  },
  {
    ...shared,
    platform: "browser",
    format: "iife",
    target: "es2022",
    entryPoints: { webview: "extension/webview/main.ts", "webview-style": "extension/webview/style.css" },
    outdir: "dist",
    loader: { ".ttf": "file" },
    assetNames: "[name]",
  },
  ...(tests
    ? [
        {
          ...node,
          entryPoints: { "test/index": "test/editor/index.ts" },
          outdir: "dist",
          external: ["vscode", "mocha"],
        },
      ]
    : []),
];

await mkdir("dist", { recursive: true });
const contexts = await Promise.all(targets.map((target) => context(target)));
if (watch) {
  await Promise.all(contexts.map((each) => each.watch()));
} else {
  await Promise.all(contexts.map((each) => each.rebuild()));
  await Promise.all(contexts.map((each) => each.dispose()));
  await Promise.all(["server", "daemon", "cli"].map((name) => chmod(`dist/${name}.js`, 0o755)));
}
