import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gapsIn } from "../../support/translation-gaps.ts";

describe("The gaps of the translations", () => {
  let folder: string;
  const write = (file: string, texts: Record<string, string>): void => {
    writeFileSync(join(folder, file), JSON.stringify(texts));
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "translations-"));
    mkdirSync(join(folder, "l10n"));
    write("l10n/bundle.l10n.json", { Yes: "Yes", No: "No" });
    write("package.nls.json", { title: "Title" });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are listed by file what is missing, and what is of no text any more", () => {
    write("l10n/bundle.l10n.de.json", { Yes: "Ja", Perhaps: "Vielleicht" });
    write("l10n/bundle.l10n.ja.json", { Yes: "はい", No: "いいえ" });
    write("package.nls.de.json", { title: "" });
    assert.deepEqual(gapsIn(folder), [
      { file: "l10n/bundle.l10n.de.json", missing: ["No"], idle: ["Perhaps"] },
      { file: "package.nls.de.json", missing: ["title"], idle: [] },
    ]);
  });

  it("are none where all texts are translated", () => {
    write("l10n/bundle.l10n.de.json", { Yes: "Ja", No: "Nein" });
    assert.deepEqual(gapsIn(folder), []);
  });
});
