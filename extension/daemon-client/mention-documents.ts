// What the language client does for mentions in documents, beside what its library does: it keeps documents that are too
// long to itself, and draws a person as a person. The daemon asks for the setting, and which documents go to it, it
// registers; without the setting, none.

import { CompletionItemKind } from "vscode";
import type { CompletionItem, CompletionList } from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient/node";
import { maxDocumentLength } from "../../protocol/api/language.ts";

type Options = Required<Pick<LanguageClientOptions, "middleware" | "markdown">>;

/** For one connection. */
export function mentionOptions(): Options {
  /** Those that the daemon has. */
  const sent = new Set<string>();
  return {
    markdown: { isTrusted: false, supportHtml: false },
    middleware: {
      didOpen: async (document, next) => {
        if (document.getText().length > maxDocumentLength) return;
        sent.add(document.uri.toString());
        await next(document);
      },
      didChange: async (event, next) => {
        const uri = event.document.uri.toString();
        if (!sent.has(uri)) return;
        // The daemon drops what has become too long, at the same length.
        if (event.document.getText().length > maxDocumentLength) sent.delete(uri);
        await next(event);
      },
      didClose: async (document, next) => {
        if (sent.delete(document.uri.toString())) await next(document);
      },
      provideCompletionItem: async (document, position, context, token, next) => {
        const found = await next(document, position, context, token);
        for (const item of itemsOf(found)) item.kind = CompletionItemKind.User;
        return found;
      },
    },
  };
}

function itemsOf(found: CompletionItem[] | CompletionList | null | undefined): readonly CompletionItem[] {
  if (found === null || found === undefined) return [];
  return Array.isArray(found) ? found : found.items;
}
