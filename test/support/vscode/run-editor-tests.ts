// Runs test/editor (bundled as dist/test/index.js) inside the extension host of a real VS Code: the desktop's own if there
// is one, else the one from the registry, in a browser. The daemon's folder belongs to this run.

import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findDesktopVSCode, runInDesktopVSCode } from "./desktop.ts";
import { runInExtensionHost } from "./extension-host.ts";
import { ensureVSCode } from "./install.ts";
import { shortTemporaryRoot } from "./sandbox.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = mkdtempSync(join(shortTemporaryRoot(), "cr-editor-"));

try {
  const workspace = join(folder, "workspace");
  mkdirSync(workspace);
  const totals = process.env["CHAT_ROOM_TEST_TOTALS"];
  const options = {
    extensionPath: root,
    testsPath: join(root, "dist", "test", "index.js"),
    workspace,
    env: { CHAT_ROOM_HOME: join(folder, "home"), ...(totals !== undefined && { CHAT_ROOM_TEST_TOTALS: totals }) },
  };
  const executable = findDesktopVSCode();
  process.exitCode =
    executable === undefined
      ? await runInExtensionHost({ ...options, install: await ensureVSCode((line) => console.log(line)) })
      : await runInDesktopVSCode({ ...options, executable });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
