// Files and selections that are dragged onto a contact. Reads them where they are (a remote file system too); what is done
// with them is for the command behind it to say.

import { Uri, workspace } from "vscode";
import type { DataTransfer, TreeDragAndDropController } from "vscode";
import { t } from "../l10n.ts";
import type { Contact } from "../../protocol/editor/model.ts";
import { droppedFile, droppedText, maxDroppedBytes, tooLong } from "./dropped.ts";
import type { Dropped } from "./dropped.ts";
import type { TreeNode } from "./tree.ts";

export type DropTarget = (contact: Contact, dropped: Dropped) => unknown;

const uriList = "text/uri-list";
const plainText = "text/plain";
const maxFiles = 5;

export function createDropController(drop: DropTarget): TreeDragAndDropController<TreeNode> {
  return {
    dropMimeTypes: [uriList, plainText],
    dragMimeTypes: [],
    handleDrop: async (target, transfer) => {
      if (target?.kind !== "contact") return;
      for (const dropped of await readDropped(transfer)) drop(target.contact, dropped);
    },
  };
}

/** Files where there are any, else the text. */
async function readDropped(transfer: DataTransfer): Promise<Dropped[]> {
  const list = await transfer.get(uriList)?.asString();
  const uris = (list ?? "").split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  if (uris.length > maxFiles) return [{ ok: false, reason: t("Drop at most {0} files at once.", maxFiles) }];
  if (uris.length > 0) return Promise.all(uris.map(readFile));
  const text = await transfer.get(plainText)?.asString();
  return text === undefined ? [] : [droppedText(text)];
}

async function readFile(raw: string): Promise<Dropped> {
  const name = decodeName(raw);
  try {
    const uri = Uri.parse(raw, true);
    const { size } = await workspace.fs.stat(uri);
    if (size > maxDroppedBytes) return { ok: false, reason: tooLong(name) };
    return droppedFile(name, await workspace.fs.readFile(uri));
  } catch {
    return { ok: false, reason: t("{0} cannot be read.", name) };
  }
}

function decodeName(raw: string): string {
  try {
    return Uri.parse(raw, true).path.split("/").pop() ?? raw;
  } catch {
    return raw.slice(0, 120);
  }
}
