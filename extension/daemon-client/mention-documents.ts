// Options of the language client for mentions in documents. Documents that are too long are not sent, and people get their
// own icon. The daemon reads the setting and registers for the documents it wants; if the setting is off, for none.

import { CompletionItemKind } from "vscode";
import type { CompletionItem, CompletionList } from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient/node";
import { maxDocumentLength } from "../../protocol/api/language.ts";

type Options = Required<Pick<LanguageClientOptions, "middleware" | "markdown">>;

/** Creates the options for one connection. */
export function mentionOptions(): Options {
  /** Documents that the daemon has. */
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
        // The daemon drops documents at the same length.
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
