// What this editor can attach to a message: a file, wherever VS Code can read it, or the selection of a text editor. Only
// reads; others decide what to do with the text.

import { Uri, workspace } from "vscode";
import type { TextEditor } from "vscode";
import { attachmentOf, languageOf, maxAttachedBytes, refusalOf } from "./attachment-block.ts";
import type { Attachment } from "./attachment-block.ts";
import { t } from "../ui/l10n.ts";

/** @param uri a URI or its text, which may be malformed */
export async function attachedFile(uri: Uri | string): Promise<Attachment> {
  const name = fileName(uri);
  try {
    const file = typeof uri === "string" ? Uri.parse(uri, true) : uri;
    const { size } = await workspace.fs.stat(file);
    if (size > maxAttachedBytes) return refusalOf("large", name);
    return attachmentOf(await workspace.fs.readFile(file), name, languageOf(name));
  } catch {
    return refusalOf("unreadable", name);
  }
}

export function attachedSelection(editor: TextEditor | undefined): Attachment {
  if (editor === undefined || editor.selection.isEmpty) {
    return {
      ok: false,
      reason: t("Nothing is selected in the last text editor. Select the code to send, or choose a file."),
    };
  }
  const { document, selection } = editor;
  return attachmentOf(Buffer.from(document.getText(selection)), placeOf(editor), document.languageId);
}

/** Returns the name of the file and the line on which the selection begins. */
export function placeOf({ document, selection }: TextEditor): string {
  return `${fileName(document.uri)}:${selection.start.line + 1}`;
}

function fileName(uri: Uri | string): string {
  try {
    const { path } = typeof uri === "string" ? Uri.parse(uri, true) : uri;
    return path.slice(path.lastIndexOf("/") + 1);
  } catch {
    return String(uri);
  }
}
