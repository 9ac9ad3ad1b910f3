// A copy of the server's program in the home. An update of the extension removes its folder, but the server must be
// restartable for as long as the person wants it. The copy is named by its content, and there is only one.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensurePrivateFolder } from "../../base/home/home.ts";
import { writePrivateFile } from "../../base/files/private-file.ts";

/**
 * Copies the program if necessary.
 * @param home a private folder
 * @param script the program as it was installed; if it runs from source, it is not copied
 * @returns the program to start
 * @throws an error with a sentence if the program is gone and was never copied
 */
export function keptProgram(home: string, script: string): string {
  if (script.endsWith(".ts")) return script;
  const folder = join(home, "programs");
  if (!existsSync(script)) return newestOf(folder);
  const text = readFileSync(script, "utf8");
  const name = `server-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.js`;
  try {
    ensurePrivateFolder(folder);
    if (!existsSync(join(folder, name))) writePrivateFile(join(folder, name), text);
    for (const each of programsIn(folder)) if (each !== name) rmSync(join(folder, each), { force: true });
    return join(folder, name);
  } catch {
    // On a full disk it runs from its installation, as long as that exists.
    return script;
  }
}

function newestOf(folder: string): string {
  const [name] = existsSync(folder) ? programsIn(folder) : [];
  if (name !== undefined) return join(folder, name);
  throw new Error(
    "The program of the server is gone: an update has removed it. Restart the daemon (Restart Daemon in the editor, or " +
      "chat-room stop), then start the server again.",
  );
}

function programsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^server-[0-9a-f]{16}\.js$/.test(name));
}
