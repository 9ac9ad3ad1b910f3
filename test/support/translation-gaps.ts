// Finds gaps in the translations: texts without a translation, and translations of texts that no longer exist.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Texts = Readonly<Record<string, string>>;

export interface Gap {
  readonly file: string;
  readonly missing: readonly string[];
  readonly idle: readonly string[];
}

/** Returns the translated files in that folder that are incomplete. */
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
