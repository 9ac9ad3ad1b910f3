import assert from "node:assert/strict";
import { reasonWords, useTranslations } from "../../../../extension/ui/l10n.ts";
import { connectionStatusOf } from "../../../../extension/daemon-client/connection-status.ts";

const german: Readonly<Record<string, string>> = {
  "Nothing listens at {0}. Is the server running?": "An {0} lauscht nichts. Läuft der Server?",
  "{0} Chat Room keeps trying.": "{0} Chat Room versucht es weiter.",
};

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
    const { sentence } = connectionStatusOf(
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
    useTranslations(shown(german), "de", german);
    assert.equal(reasonWords("Sign in first."), "Sign in first.");
    useTranslations(shown({}));
    const english = "Nothing listens at 127.0.0.1:8765. Is the server running?";
    assert.equal(reasonWords(english), english);
  });
});
