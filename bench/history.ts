// Measures the history of a daemon with 100,000 messages: the update of a file of the first version with the building of
// its index, searches, and pages. Prints medians of 21; needs nothing but a temporary folder.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../base/sqlite.ts";
import { History } from "../daemon/history/history.ts";
import { historyMigrations } from "../daemon/history/schema.ts";
import { keyOfName } from "../protocol/names.ts";

const messages = 100_000;
const people = 20;
const vocabulary =
  "the a of and deploy server build alpha beta gamma release ship review merge branch test fails green lunch tomorrow".split(
    " ",
  );
const queries = ["gamma", "g", "the", "deploy server", "the a of and", "gamma4711", "天气", "nothing of it"];

const folder = mkdtempSync(join(tmpdir(), "bench-history-"));
const path = join(folder, "history.db");
try {
  fill();
  const begun = performance.now();
  let history = open();
  report("update of the file with its index", performance.now() - begun);
  history.dispose();
  const again = performance.now();
  history = open();
  report("opened again", performance.now() - again);
  for (const query of queries) measure(`search: ${query}`, () => history.search(query, undefined, undefined, 50));
  measure("search in one conversation", () => history.search("the", "user:p7", undefined, 50));
  measure("newest page of 100", () => history.page("user:p0", undefined, 100));
  measure("page from the middle", () => history.pageAfter("user:p0", 1_000, 100));
  history.dispose();
} finally {
  rmSync(folder, { recursive: true });
}

function open(): History {
  return new History(openDatabase(path, historyMigrations), keyOfName("me"));
}

/** As the first version would have left it. */
function fill(): void {
  const database = openDatabase(path, historyMigrations.slice(0, 1));
  database.exec("BEGIN");
  const contact = database.prepare("INSERT INTO conversation VALUES (?, ?, 0, 0, 0)");
  for (let person = 0; person < people; person += 1) contact.run(`user:p${person}`, `p${person}`);
  const add = database.prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?, 0, ?, ?, 'received', NULL, NULL)");
  for (let index = 0; index < messages; index += 1) {
    const name = `p${index % people}`;
    add.run(`user:${name}`, Math.floor(index / people) + 1, name, `m${index}`, name, text(index), index);
  }
  database.exec("COMMIT");
  database.close();
}

function text(index: number): string {
  const words = Array.from({ length: 4 + (index % 20) }, (_, at) => {
    const word = vocabulary[(index * 7 + at * at * 3) % vocabulary.length] ?? "";
    return (index + at) % 6 === 0 ? `${word}${(index * 31 + at) % 5_000}` : word;
  });
  return `${words.join(" ")}${index % 50 === 0 ? " 今天天气很好" : ""}`;
}

function measure(name: string, act: () => unknown): void {
  const times = Array.from({ length: 21 }, () => {
    const begun = performance.now();
    act();
    return performance.now() - begun;
  }).sort((left, right) => left - right);
  report(name, times[10] ?? NaN);
}

function report(name: string, ms: number): void {
  process.stdout.write(`${name.padEnd(36)} ${ms.toFixed(2).padStart(9)} ms\n`);
}
