// Makes texts and names of other people safe for places where VS Code interprets what it shows. A notification turns
// `[words](command:…)` into a link that runs a command, a quick pick turns `$(name)` into an icon, and everywhere bidi
// controls could reorder our own text around theirs (CVE-2021-42574). Webviews do not need this: they set textContent.

import { withoutHidden } from "../../protocol/text/hidden-characters.ts";

/** Returns one line without invisible characters, at most `max` characters long. */
export function plainLine(text: string, max = 200): string {
  const line = withoutHidden(text, " ").replace(/\s+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length <= max ? line : `${characters.slice(0, max - 1).join("")}…`;
}

/** For `showInformationMessage` and similar: no link survives. */
export function forNotification(text: string, max = 200): string {
  return plainLine(text, max).replaceAll("](", "] (");
}

/** For labels in which `$(name)` is an icon: quick picks and the status bar. */
export function withoutIcons(text: string, max = 200): string {
  return plainLine(text, max).replace(/\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g, "\\$&");
}
