// Files and texts dropped on a contact. Reads them from where they are (also a remote file system); the command decides
// what to do with them.

import type { DataTransfer, TreeDragAndDropController } from "vscode";
import type { Contact } from "../../protocol/api/model.ts";
import { attachedFile } from "../chat/editor-attachments.ts";
import { attachmentOfText } from "../chat/attachment-block.ts";
import type { Attachment } from "../chat/attachment-block.ts";
import { t } from "../ui/l10n.ts";
import type { TreeNode } from "./contact-tree.ts";

export type DropTarget = (contact: Contact, dropped: Attachment) => unknown;

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

/** Returns the files if there are any, else the text. */
async function readDropped(transfer: DataTransfer): Promise<Attachment[]> {
  const list = await transfer.get(uriList)?.asString();
  const uris = (list ?? "").split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  if (uris.length > maxFiles) return [{ ok: false, reason: t("Drop at most {0} files at once.", maxFiles) }];
  if (uris.length > 0) return Promise.all(uris.map(attachedFile));
  const text = await transfer.get(plainText)?.asString();
  return text === undefined ? [] : [attachmentOfText(text)];
}
