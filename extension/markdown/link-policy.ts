// Which addresses in a message a person may open: drawn as links by the page, and decided again in the host when they click,
// whatever the page says. Only http, https and mailto; `command:`, `vscode:`, `file:` and network paths have been used to
// run code (VS Code CVE-2022-41034) or to leak credentials.

const allowed: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);
/** As much as a page may ask the host to open; not every browser takes more. */
const maxCharacters = 8_192;

/** The address in its normal form, or undefined where it must not be opened. */
export function safeLink(raw: string): string | undefined {
  if (!URL.canParse(raw)) return undefined;
  const url = new URL(raw);
  if (!allowed.has(url.protocol)) return undefined;
  // Credentials in front of the host hide where a link leads.
  if (url.username !== "" || url.password !== "") return undefined;
  return url.href.length > maxCharacters ? undefined : url.href;
}
