// Packages that the tests fetch from the npm registry without the lock file are pinned by hash as well as by version.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** @throws if the package that npm installed into the folder is not the pinned one */
export async function demandIntegrity(folder: string, name: string, integrity: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(folder, "node_modules", ".package-lock.json"), "utf8")) as {
    packages?: Record<string, { integrity?: string }>;
  };
  const found = lock.packages?.[`node_modules/${name}`]?.integrity;
  if (found !== integrity) throw new Error(`${name} has the hash ${found ?? "of nothing"} instead of ${integrity}.`);
}
