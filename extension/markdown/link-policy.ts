// Decides which addresses in a message may be opened. The page draws them as links, and the host decides again at a click,
// whatever the page says. Only http, https and mailto; `command:`, `vscode:`, `file:` and network paths have been used to
// run code (VS Code CVE-2022-41034) or to leak credentials.

const allowed: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);
/** The most that a page may ask the host to open; not every browser accepts more. */
const maxCharacters = 8_192;

/** Returns the normalized address; undefined if it must not be opened. */
export function safeLink(raw: string): string | undefined {
  if (!URL.canParse(raw)) return undefined;
  const url = new URL(raw);
  if (!allowed.has(url.protocol)) return undefined;
  // Credentials before the host hide where a link leads.
  if (url.username !== "" || url.password !== "") return undefined;
  return url.href.length > maxCharacters ? undefined : url.href;
}
