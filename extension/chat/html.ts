// The page of a chat panel: structure and nothing else. No inline script or style, nothing from elsewhere; texts, names
// and messages are put in by the script with textContent, never by this template.

import type { pageTexts } from "../../protocol/page/page-texts.ts";
import type { Infer } from "../../protocol/validate.ts";

export interface PageParts {
  readonly cspSource: string;
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** What every message to the host carries; unguessable. */
  readonly token: string;
  readonly conversation: string;
  readonly name: string;
  /** Of the texts. */
  readonly language: string;
  /** From English into that language; what is missing stays English. */
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

/** As `pageTexts` of the protocol reads it. */
function pairsOf(texts: Readonly<Record<string, string>>): Infer<typeof pageTexts> {
  return Object.entries(texts).map(([english, shown]) => ({ english, shown }));
}

/** Nothing in it ends the element that it stands in. */
function data(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
