import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { earlyCalls, escapesIn } from "./escapes.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** What looks like a text and is none, or is not for translation. */
const allowed: readonly { readonly file: string; readonly text: RegExp; readonly why: string }[] = [
  { file: "extension/chat/html.ts", text: /[<>]/, why: "the structure of the page, without a word" },
  {
    file: "extension/commands/app-context.ts",
    text: /^Cancelled\.$/,
    why: "for a program that ran the command; never shown",
  },
  {
    file: "extension/commands/command-arguments.ts",
    text: /^Name of a contact; /,
    why: "for the documentation alone",
  },
  { file: "extension/commands/join.ts", text: /^vscode:\/\//, why: "what a link looks like" },
  { file: "extension/markdown/emoji-names.ts", text: /thumbsup/, why: "names of emoji, as one types them everywhere" },
];

const sources = globSync("extension/**/*.ts", { cwd: root })
  .sort()
  .map((file) => ({ file, source: readFileSync(join(root, file), "utf8") }));

describe("The texts of the extension", () => {
  it("all pass the function that translates", () => {
    const escaped = sources.flatMap(({ file, source }) =>
      escapesIn(file, source)
        .filter(({ text }) => !allowed.some((each) => each.file === file && each.text.test(text)))
        .map(({ line, text }) => `${file}:${line}: ${text}`),
    );
    assert.deepEqual(escaped, [], "give these to t of extension/ui/l10n.ts, or say in `allowed` why not");
  });

  it("are allowed to stay English only where there is still such a text", () => {
    const all = sources.flatMap(({ file, source }) => escapesIn(file, source).map((each) => ({ file, ...each })));
    const idle = allowed.filter(({ file, text }) => !all.some((each) => each.file === file && text.test(each.text)));
    assert.deepEqual(idle, []);
  });

  it("are not taken before the translations are there", () => {
    const ofHost = sources.filter(({ file }) => !file.startsWith("extension/webview/"));
    const early = ofHost.flatMap(({ file, source }) => earlyCalls(file, source).map((line) => `${file}:${line}`));
    assert.deepEqual(early, []);
    assert.deepEqual(earlyCalls("a.ts", 'const a = t("Early");\nconst b = () => t("In time");'), [1]);
  });

  for (const [place, source, text] of [
    ["a notification", 'void window.showInformationMessage("done");', "done"],
    ["a notification of one's own", 'prompter.tell("info", "sent", t("Open"), "mute");', "sent|mute"],
    ["a label, whatever decides about it", 'const a = { label: b ? "on" : c ?? `off ${d}` };', "on|off "],
    ["a placeholder, but not its value", 'const a = { placeholder: "name", value: "none" };', "name"],
    ["what is put together", 'item.tooltip = a + " ago";', " ago"],
    ["an element's text, but not its class", 'element("b", { class: "big red" }, "now");', "now"],
    ["an element's title and name", 'const a = { title: "more", "aria-label": "close" };', "more|close"],
    ["an attribute that is set", 'node.setAttribute("aria-label", "code"); node.setAttribute("role", "log");', "code"],
    ["a node's text", 'node.textContent = "typing";', "typing"],
    ["a refusal", 'return failure("denied", "not now");', "not now"],
    ["what a command runs", 'command({ title: "Do It", run: (app) => app.tell("info", "done") });', "done"],
    ["prose anywhere", 'const lost = "The connection is lost.";', "The connection is lost."],
    ["an argument of a text", 't("{0} is here", "bob and carol");', "bob and carol"],
  ] as const) {
    it(`are found in ${place}`, () => {
      const found = escapesIn("a.ts", source).map((each) => each.text);
      assert.deepEqual(found, text.split("|"));
    });
  }

  it("are none in logs, codicons, declarations, names of modules, keys and types", () => {
    const source = `import { a } from "./The Module.ts";
      this.#log.warn("the daemon is lost");
      const b: "Left Right" = c;
      const d = command({ title: "Do It", description: "Does it.", run: (app) => app.doIt() });
      const label = { label: "$(sync~spin) Chat Room" };
      if (event.key === "Arrow Down") throw new Error("This cannot be.");`;
    assert.deepEqual(escapesIn("a.ts", source), []);
  });
});
