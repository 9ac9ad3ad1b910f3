// Texts and names of other people, made fit for places of VS Code that interpret what they show: a notification turns
// `[words](command:…)` into a link that runs a command, a quick pick turns `$(name)` into an icon, and everywhere bidi
// controls could reorder our own words around theirs (CVE-2021-42574). Webviews do not need this: they set textContent.

/** C0 and C1 controls, bidi controls, line and paragraph separators, zero-width characters but the joiners emoji need. */
const harmful = /[\p{Cc}\u061C\u200B\u200E\u200F\u2028\u2029\u202A-\u202E\u2060-\u2069\uFEFF]+/gu;

/** One line without anything invisible, at most `max` characters. */
export function plainLine(text: string, max = 200): string {
  const line = text.replace(harmful, " ").replace(/\s+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length <= max ? line : `${characters.slice(0, max - 1).join("")}…`;
}

/** For `showInformationMessage` and its like: no link survives. */
export function forNotification(text: string, max = 200): string {
  return plainLine(text, max).replaceAll("](", "] (");
}

/** For labels in which `$(name)` is an icon: quick picks and the status bar. */
export function withoutIcons(text: string, max = 200): string {
  return plainLine(text, max).replace(/\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g, "\\$&");
}
