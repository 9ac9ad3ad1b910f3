import assert from "node:assert/strict";
import { forNotification, plainLine, withoutIcons } from "../../../../extension/ui/plain-text.ts";

describe("Texts of other people", () => {
  it("become one line without controls and bidi marks", () => {
    assert.equal(plainLine(" a\n\tb\u0000\u202Ec\u2069 "), "a b c");
    assert.equal(plainLine("a\u{E0041}b\u3164c\u00ADd\uFFF9e\u180Ef"), "a b c d e f");
  });

  it("are shortened by characters, not by halves of them", () => {
    assert.equal(plainLine("😀😀😀", 2), "😀…");
  });

  it("keep the joiners that emoji and scripts need", () => {
    assert.equal(plainLine("👩\u200D💻"), "👩\u200D💻");
  });

  it("make no link in a notification, which could run a command", () => {
    const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)/;
    assert.doesNotMatch(forNotification("[x](command:workbench.action.quit)"), link);
    assert.doesNotMatch(forNotification("[x]\u202E(command:y)"), link);
    assert.doesNotMatch(forNotification("[x](command:y"), link);
  });

  it("make no icon in a quick pick", () => {
    assert.equal(withoutIcons("$(alert) and $(sync~spin)"), "\\$(alert) and \\$(sync~spin)");
  });
});
