import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reasonWords, useTranslations } from "../../../extension/l10n.ts";
import { standingOf } from "../../../extension/standing.ts";

const file = join(import.meta.dirname, "..", "..", "..", "l10n", "bundle.l10n.de.json");
const german = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, string>>;

/** As VS Code does it: a text that the bundle lacks stays as it is. */
function shown(texts: Readonly<Record<string, string>>): Parameters<typeof useTranslations>[0] {
  return (text, ...given) =>
    (texts[text] ?? text).replace(/\{(\d+)\}/g, (whole, index) => String(given[Number(index)] ?? whole));
}

describe("What a window says in the language of its editor", () => {
  afterEach(() => {
    useTranslations(shown({}));
  });

  it("is in one language, also where the daemon worded a part of it", () => {
    useTranslations(shown(german), "de", german);
    const { sentence } = standingOf(
      { state: "connected" },
      {
        state: "unreachable",
        account: { user: "alice", server: "127.0.0.1:8765" },
        reason: "Nothing listens at 127.0.0.1:8765. Is the server running?",
        retryAtMs: 0,
      },
    );
    assert.equal(sentence, "An 127.0.0.1:8765 lauscht nichts. Läuft der Server? Chat Room versucht es weiter.");
  });

  it("is English where a translation is missing, and where the editor is", () => {
    const { "Sign in first.": dropped, ...some } = german;
    assert.ok(dropped);
    useTranslations(shown(some), "de", some);
    assert.equal(reasonWords("Sign in first."), "Sign in first.");
    useTranslations(shown({}));
    assert.equal(reasonWords("There is no user dave on this server."), "There is no user dave on this server.");
  });
});
