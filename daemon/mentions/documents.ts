// The documents that a client has open, in memory only, while they are open. Bounded: a document that is too long is not
// kept, and if there are too many, the least recently changed one is dropped. Questions about such documents get no answer.

import { TextDocument } from "vscode-languageserver-textdocument";
import { maxDocumentLength } from "../../protocol/api/language.ts";
import type { Infer } from "../../protocol/validate.ts";
import type { documentChange } from "./lsp-params.ts";

const maxDocuments = 256;
const maxTotalLength = 16 * maxDocumentLength;

export class Documents {
  readonly #open = new Map<string, TextDocument>();
  #totalLength = 0;

  get(uri: string): TextDocument | undefined {
    return this.#open.get(uri);
  }

  get size(): number {
    return this.#open.size;
  }

  open(uri: string, languageId: string, version: number, text: string): void {
    this.close(uri);
    if (text.length <= maxDocumentLength) this.#keep(TextDocument.create(uri, languageId, version, text));
  }

  change(uri: string, version: number, changes: readonly Infer<typeof documentChange>[]): void {
    const document = this.#open.get(uri);
    if (document === undefined) return;
    this.close(uri);
    let { length } = document.getText();
    for (const { text } of changes) {
      length += text.length;
      // The removed length is not known yet. A change that might exceed all bounds is not even tried.
      if (length > 2 * maxDocumentLength) return;
    }
    const changed = TextDocument.update(
      document,
      changes.map(({ range, text }) => (range === undefined ? { text } : { range, text })),
      version,
    );
    if (changed.getText().length <= maxDocumentLength) this.#keep(changed);
  }

  close(uri: string): void {
    const document = this.#open.get(uri);
    if (document === undefined) return;
    this.#totalLength -= document.getText().length;
    this.#open.delete(uri);
  }

  clear(): void {
    this.#open.clear();
    this.#totalLength = 0;
  }

  #keep(document: TextDocument): void {
    this.#open.set(document.uri, document);
    this.#totalLength += document.getText().length;
    for (const uri of this.#open.keys()) {
      if (this.#open.size <= maxDocuments && this.#totalLength <= maxTotalLength) return;
      this.close(uri);
    }
  }
}
