// Filters VS Code's output. Without its native modules it repeats complaints about them, and it reports its own start;
// neither helps the reader of a test's output. Unknown lines are kept.

const startupMessages =
  /^((Ignoring fetching|Updating) additional builtin|Creating a socket|Resolv(ing|ed) connection token|\[(reconnection-grace-time|AgentHost\b.*|AccountPolicyGate|ChatModelSelection|Service Worker)\])/;
const unbuiltModule =
  /Could not locate the bindings file|Cannot find module '\.\/build\/Release|native-watchdog|spdlog|bindings\.js/;
const ownFrame = /^\s+at .*(node:internal|server-main\.js|extensionHostProcess\.js|workbench\.js)/;
/** Remains of a printed error around the lines above. */
const errorRemains = /^(Require stack:|\s*tries: \[|\s*[\]}{]|)$/;

/** Whether a line of the server's log is noise. */
export function isLogNoise(line: string): boolean {
  return startupMessages.test(line) || unbuiltModule.test(line) || ownFrame.test(line) || errorRemains.test(line);
}

/** Filters a message of several lines from the extension host. Returns the rest, or undefined if nothing is left. */
export function withoutNoise(message: string): string | undefined {
  if (startupMessages.test(message) || unbuiltModule.test(message)) return undefined;
  return message
    .split("\n")
    .filter((line) => !ownFrame.test(line))
    .join("\n");
}
