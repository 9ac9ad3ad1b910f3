// Texts and names of other people, made fit for places of VS Code that interpret what they show: a notification turns
// `[words](command:…)` into a link that runs a command, a quick pick turns `$(name)` into an icon, and everywhere bidi
// controls could reorder our own words around theirs (CVE-2021-42574). Webviews do not need this: they set textContent.

import { withoutHidden } from "../../protocol/text/hidden-characters.ts";

/** One line without anything invisible, at most `max` characters. */
export function plainLine(text: string, max = 200): string {
  const line = withoutHidden(text, " ").replace(/\s+/gu, " ").trim();
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
