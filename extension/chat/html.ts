// The HTML of a chat panel: structure only. No inline script or style, nothing from elsewhere; the script inserts texts,
// names and messages with textContent, never this template.

import type { pageTexts } from "../../protocol/page/page-texts.ts";
import type { Infer } from "../../protocol/validate.ts";

export interface PageParts {
  readonly cspSource: string;
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** The unguessable token in every message to the host. */
  readonly token: string;
  readonly conversation: string;
  readonly name: string;
  /** The language of the texts. */
  readonly language: string;
  /** Translations from English; missing ones stay English. */
  readonly texts: Readonly<Record<string, string>>;
}

export function pageOf(parts: PageParts): string {
  const { cspSource, nonce } = parts;
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${attribute(parts.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${attribute(parts.styleUri)}">
<title>Chat Room</title>
</head>
<body data-token="${attribute(parts.token)}" data-conversation="${attribute(parts.conversation)}" data-name="${attribute(parts.name)}">
<main id="chat"></main>
<script nonce="${attribute(nonce)}" type="application/json" id="texts">${data(pairsOf(parts.texts))}</script>
<script nonce="${attribute(nonce)}" src="${attribute(parts.scriptUri)}"></script>
</body>
</html>`;
}

/** Writes the data in the form that `pageTexts` of the protocol reads. */
function pairsOf(texts: Readonly<Record<string, string>>): Infer<typeof pageTexts> {
  return Object.entries(texts).map(([english, shown]) => ({ english, shown }));
}

/** Escapes everything that could end the surrounding element. */
function data(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
