// What the translations lack: texts that have none yet, and translations of a text that is no more.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Texts = Readonly<Record<string, string>>;

export interface Gap {
  readonly file: string;
  readonly missing: readonly string[];
  readonly idle: readonly string[];
}

/** Of each translated file of that folder that is not complete. */
export function gapsIn(folder: string): Gap[] {
  const read = (file: string): Texts => JSON.parse(readFileSync(join(folder, file), "utf8")) as Texts;
  const gaps = ["l10n/bundle.l10n", "package.nls"].flatMap((name) => {
    const english = read(`${name}.json`);
    return globSync(`${name}.*.json`, { cwd: folder })
      .map((file) => file.replaceAll("\\", "/"))
      .sort()
      .map((file) => ({ file, ...compared(english, read(file)) }));
  });
  return gaps.filter(({ missing, idle }) => missing.length + idle.length > 0);
}

function compared(english: Texts, translated: Texts): Omit<Gap, "file"> {
  return {
    missing: Object.keys(english).filter((key) => (translated[key] ?? "") === ""),
    idle: Object.keys(translated).filter((key) => !Object.hasOwn(english, key)),
  };
}
