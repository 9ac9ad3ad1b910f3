// `node scripts/confusables.ts` packs Unicode's confusables.txt, from the package unhomoglyph, into the table that the
// server compares names by; `--check` only reports whether it is up to date. Characters that no name can contain are left
// out: those that NFKC replaces, and those that are not allowed.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import unhomoglyph from "unhomoglyph/data.json" with { type: "json" };
import { root } from "./run.ts";

const tableFile = join(root, "server", "core", "names", "confusables.ts");
const widest = 116;
const impossible = /[\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/u;

/** Returns the text of the table's file. */
function packConfusables(): string {
  const prototypes: Readonly<Record<string, string>> = unhomoglyph;
  const sources = Object.keys(prototypes).filter((each) => decomposed(each) === each && !impossible.test(each));
  const byPrototype = Map.groupBy(sources, (source) => prototypes[source] ?? "");
  const entries = Array.from(
    byPrototype,
    ([prototype, alike]) => [hex(prototype, "+"), alike.map((each) => hex(each)).sort()] as const,
  );
  const packed = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([prototype, alike]) => `${prototype}=${alike.join(",")}`);
  return `${header}\nexport const confusables = \`\n${lines(packed).join("\n")}\n\`;\n`;
}

/** The first step of a skeleton. */
function decomposed(text: string): string {
  return text.normalize("NFKC").normalize("NFD");
}

function hex(text: string, separator = "+"): string {
  return Array.from(text, (character) => (character.codePointAt(0) ?? 0).toString(16)).join(separator);
}

/** An entry that is longer than a line continues in the next one, under its prototype. */
function lines(entries: readonly string[]): string[] {
  const filled: string[] = [];
  for (const entry of entries.flatMap(parts)) {
    const last = filled.at(-1);
    if (last !== undefined && last.length + 1 + entry.length <= widest) filled[filled.length - 1] = `${last} ${entry}`;
    else filled.push(entry);
  }
  return filled;
}

function parts(entry: string): string[] {
  if (entry.length <= widest) return [entry];
  const cut = entry.lastIndexOf(",", widest);
  const [prototype = ""] = entry.split("=");
  return [entry.slice(0, cut), ...parts(`${prototype}=${entry.slice(cut + 1)}`)];
}

const header = `// Made by scripts/confusables.ts from confusables.txt of Unicode 13.0 (UTS 39), as unhomoglyph 1.0.6 (MIT) carries it. Each
// entry: a prototype, and the characters that look like it, as hexadecimal code points.
//
// COPYRIGHT AND PERMISSION NOTICE. Copyright © 1991-2020 Unicode, Inc. All rights reserved. Distributed under the Terms of
// Use in https://www.unicode.org/copyright.html. Permission is hereby granted, free of charge, to any person obtaining a copy
// of the Unicode data files and any associated documentation (the "Data Files") or Unicode software and any associated
// documentation (the "Software") to deal in the Data Files or Software without restriction, including without limitation the
// rights to use, copy, modify, merge, publish, distribute, and/or sell copies of the Data Files or Software, and to permit
// persons to whom the Data Files or Software are furnished to do so, provided that either (a) this copyright and permission
// notice appear with all copies of the Data Files or Software, or (b) this copyright and permission notice appear in
// associated Documentation. THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
// IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
// NONINFRINGEMENT OF THIRD PARTY RIGHTS. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE LIABLE
// FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA
// OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE
// USE OR PERFORMANCE OF THE DATA FILES OR SOFTWARE.
`;

if (!process.argv.includes("--check")) writeFileSync(tableFile, packConfusables());
else if (readFileSync(tableFile, "utf8") !== packConfusables()) {
  console.error("server/core/names/confusables.ts is out of date. Run: node scripts/confusables.ts");
  process.exitCode = 1;
}
