// Moves content between a chat and the editors of this window: code from a message to the clipboard, to the cursor of the
// last text editor or into a new one, and a file or a selection into the composer. Changes nothing in a workspace that the
// person does not trust, and sends nothing.

import { env, languages, Position, Range, window, workspace } from "vscode";
import type { TextEditor } from "vscode";
import { attachedFile, attachedSelection, placeOf } from "./editor-attachments.ts";
import type { Attachment } from "./attachment-block.ts";
import { t } from "../ui/l10n.ts";
import type { FilePlace } from "../markdown/file-place.ts";
import { withoutIcons } from "../ui/plain-text.ts";
import { Disposables } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";
import type { CopiedText } from "./copy-text.ts";

/** The most files of the same name to choose from. */
const maxFound = 20;

/** Shows a notice in the panel. */
export interface Notice {
  readonly ok: boolean;
  readonly text: string;
}

export class EditorExchange implements Disposable {
  readonly #disposables = new Disposables();
  readonly #isTrusted: () => boolean;
  /** The last text editor: while a chat has the focus there is no active one. */
  #last: TextEditor | undefined = window.activeTextEditor;

  /** @param isTrusted whether the person trusts the workspace */
  constructor(isTrusted = () => workspace.isTrusted) {
    this.#isTrusted = isTrusted;
    this.#disposables.add(
      window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined) this.#last = editor;
      }),
      workspace.onDidCloseTextDocument((document) => {
        if (this.#last?.document === document) this.#last = undefined;
      }),
    );
  }

  async take(taken: CopiedText, to: "clipboard" | "cursor" | "editor"): Promise<Notice> {
    if (to === "clipboard") {
      await env.clipboard.writeText(taken.text);
      return { ok: true, text: t("Copied.") };
    }
    if (to === "editor") return openInEditor(taken);
    return this.#insert(taken.text);
  }

  /** Opens a file of the workspace, beside the chat if an editor is there; the person chooses among several. */
  async openPlace({ path, line }: FilePlace): Promise<Notice> {
    const found = await workspace.findFiles(`**/${path}`, undefined, maxFound);
    const choices = found.map((uri) => ({ label: withoutIcons(workspace.asRelativePath(uri), 300), uri }));
    const [first, ...more] = choices;
    if (first === undefined) return { ok: false, text: t("There is no {0} in this workspace.", path) };
    const chosen = more.length === 0 ? first : await window.showQuickPick(choices, { title: `${path}:${line}` });
    const at = new Position(line - 1, 0);
    const { viewColumn } = this.#last ?? {};
    if (chosen) {
      const selection = new Range(at, at);
      await window.showTextDocument(chosen.uri, { selection, preview: true, ...(viewColumn && { viewColumn }) });
    }
    return { ok: true, text: "" };
  }

  /** Asks what to attach. `any`: a file, or the selection if there is one. Undefined if the person cancels. */
  async attach(from: "any" | "selection"): Promise<Attachment | undefined> {
    const last = this.#last;
    if (from === "selection") return attachedSelection(last);
    if (last === undefined || last.selection.isEmpty) return chosenFile();
    const selection = {
      label: `$(selection) ${t("Selection")}`,
      description: withoutIcons(placeOf(last)),
      from: "selection",
    } as const;
    const file = { label: `$(file-code) ${t("Text File…")}`, description: "", from: "file" } as const;
    const chosen = await window.showQuickPick([selection, file], { title: t("Chat Room: Attach") });
    if (chosen === undefined) return undefined;
    return chosen.from === "file" ? chosenFile() : attachedSelection(last);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #insert(text: string): Promise<Notice> {
    if (!this.#isTrusted()) {
      return { ok: false, text: t("Code is not inserted into a workspace that you do not trust. Copy it instead.") };
    }
    const last = this.#last;
    if (last === undefined) {
      return {
        ok: false,
        text: t("There is no text editor to insert into. Open a file and put the cursor where it belongs."),
      };
    }
    const { document, selection } = last;
    const editor = await window.showTextDocument(document, {
      ...(last.viewColumn && { viewColumn: last.viewColumn }),
      selection,
    });
    const done = await editor.edit((edit) => edit.replace(editor.selection, text));
    if (!done) return { ok: false, text: t("The editor did not take the code. Is its file read-only?") };
    return { ok: true, text: t("Inserted.") };
  }
}

async function openInEditor({ text, language }: CopiedText): Promise<Notice> {
  const known = await languages.getLanguages();
  const name = [language, languageNames[language]].find((each) => each !== undefined && known.includes(each));
  const document = await workspace.openTextDocument({ content: text, ...(name !== undefined && { language: name }) });
  await window.showTextDocument(document, { preview: true });
  return { ok: true, text: t("Opened in an editor.") };
}

/** VS Code's language ids for the names that people write after a fence. */
const languageNames: Readonly<Record<string, string>> = {
  bash: "shellscript",
  cs: "csharp",
  js: "javascript",
  jsx: "javascriptreact",
  md: "markdown",
  ps1: "powershell",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sh: "shellscript",
  ts: "typescript",
  tsx: "typescriptreact",
  yml: "yaml",
};

async function chosenFile(): Promise<Attachment | undefined> {
  const chosen = await window.showOpenDialog({
    canSelectMany: false,
    openLabel: t("Attach"),
    title: t("Attach a Text File"),
  });
  const uri = chosen?.[0];
  return uri && attachedFile(uri);
}
