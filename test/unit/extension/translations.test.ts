import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createRewording } from "../../../protocol/text/rewording.ts";
import { collectSentences } from "../../support/sentences.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const languages = ["de", "ja", "zh-cn"];

type Texts = Readonly<Record<string, string>>;

/** What is the same word there, or no word at all. */
const same: Readonly<Record<string, readonly string[]>> = {
  de: ["Code", "Code, {0}", "Daemon", "Editor", "Offline", "Online", "Server", "offline", "online"],
  ja: [],
  "zh-cn": [],
};
const wordless = /^[^\p{L}]*(\{\d\}[^\p{L}]*)*$/u;
/** Names, and what is typed as it stands. */
const kept =
  /Chat Room|VS Code|Markdown|JSON|UTF-8|host:port|\{\d\}|\[IPv6\]|\b\w+:\/\/\S+|`[^`]*`|\(command:[\w.]+\)/g;

function read(file: string): Texts {
  return JSON.parse(readFileSync(join(root, file), "utf8")) as Texts;
}

const english = read("l10n/bundle.l10n.json");
const manifest = read("package.nls.json");
const bundleOf = (language: string): Texts => read(`l10n/bundle.l10n.${language}.json`);
const manifestOf = (language: string): Texts => read(`package.nls.${language}.json`);

/** English and its translation, of both files; what is not translated yet is listed by `npm run release-check`. */
function pairsOf(language: string): { english: string; shown: string }[] {
  const [bundle, titles] = [bundleOf(language), manifestOf(language)];
  return [
    ...Object.entries(english).map(([key, text]) => ({ english: text, shown: bundle[key] ?? "" })),
    ...Object.entries(manifest).map(([key, text]) => ({ english: text, shown: titles[key] ?? "" })),
  ].filter(({ shown }) => shown !== "");
}

const all = (text: string, what: RegExp): string[] => Array.from(text.matchAll(what), ([found]) => found);
const kinds = (text: string, what: RegExp): string[] => [...new Set(all(text, what))].sort();

describe("The translations", () => {
  it("are there for the languages that are promised, and for no others by halves", () => {
    const bundles = readdirSync(join(root, "l10n")).flatMap(
      (name) => /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1] ?? [],
    );
    const manifests = readdirSync(root).flatMap((name) => /^package\.nls\.(.+)\.json$/.exec(name)?.[1] ?? []);
    assert.deepEqual(bundles.sort(), languages);
    assert.deepEqual(manifests.sort(), languages);
  });

  it("know each sentence of a daemon or a server again, with its arguments", () => {
    const shown = createRewording(Object.keys(english), (sentence, ...given) => JSON.stringify([sentence, ...given]));
    for (const sentence of collectSentences()) {
      const given = Array.from(sentence.matchAll(/\{\d\}/g), (_, index) => `argument-${index}`);
      const said = sentence.replaceAll(/\{(\d)\}/g, (_, index) => given[Number(index)] ?? "");
      assert.equal(shown(said), JSON.stringify([sentence, ...given]));
    }
  });

  for (const language of languages) {
    describe(`into ${language}`, () => {
      it("keep arguments, commands, lines, code and the space at the ends", () => {
        for (const pair of pairsOf(language)) {
          assert.deepEqual(kinds(pair.shown, /\{\d+\}/g), kinds(pair.english, /\{\d+\}/g), pair.english);
          assert.deepEqual(
            all(pair.shown, /\(command:[^)]*\)/g),
            all(pair.english, /\(command:[^)]*\)/g),
            pair.english,
          );
          assert.equal(all(pair.shown, /\n/g).length, all(pair.english, /\n/g).length, pair.english);
          assert.deepEqual(kinds(pair.shown, /`[^`]*`/g), kinds(pair.english, /`[^`]*`/g), pair.english);
          assert.equal(pair.shown.trim() === pair.shown, pair.english.trim() === pair.english, pair.english);
        }
      });

      it("leave nothing in English", () => {
        const left = pairsOf(language).filter((pair) => {
          const rest = pair.shown.replaceAll(kept, "");
          if (language === "de") return pair.shown === pair.english && !wordless.test(rest);
          return !wordless.test(rest) && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(rest);
        });
        assert.deepEqual(
          left.map((pair) => pair.english).filter((text) => !same[language]?.includes(text)),
          [],
        );
      });

      it("keep the names of the product and of the editor", () => {
        for (const name of ["Chat Room", "VS Code"]) {
          const lost = pairsOf(language).filter((pair) => pair.english.includes(name) && !pair.shown.includes(name));
          assert.deepEqual(lost, []);
        }
      });

      it("call a command by the same name everywhere", () => {
        const titles = Object.keys(manifest).filter((key) => key.startsWith("command."));
        const shown = manifestOf(language);
        for (const pair of pairsOf(language)) {
          for (const key of titles) {
            const [title = "", name = ""] = [manifest[key], shown[key]];
            if (name === "") continue;
            if (pair.english === title) assert.equal(pair.shown, name);
            if (pair.english === `Chat Room: ${title}`) assert.equal(pair.shown, `Chat Room: ${name}`);
            if (namesCommand(pair.english, title)) assert.ok(pair.shown.includes(name), `${pair.shown}: ${name}`);
            if (pair.english.includes(`[${title}](command:`)) assert.ok(pair.shown.includes(`[${name}](`), pair.shown);
          }
        }
      });
    });
  }
});

/** A sentence in which the whole title stands: no longer title that begins with it. */
function namesCommand(text: string, title: string): boolean {
  const isSentence = /[.;]( |$)/.test(text) && !text.includes("](command:");
  return isSentence && title.includes(" ") && text.includes(title) && !text.includes(`${title} Here`);
}
