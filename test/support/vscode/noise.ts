// VS Code without its native modules says so over and over, and talks about its own start; neither helps who reads a
// test's output. Whatever is not known here is shown.

const chatter =
  /^((Ignoring fetching|Updating) additional builtin|Creating a socket|Resolv(ing|ed) connection token|\[(reconnection-grace-time|AgentHost\b.*|AccountPolicyGate|ChatModelSelection|Service Worker)\])/;
const unbuiltModule =
  /Could not locate the bindings file|Cannot find module '\.\/build\/Release|native-watchdog|spdlog|bindings\.js/;
const ownFrame = /^\s+at .*(node:internal|server-main\.js|extensionHostProcess\.js|workbench\.js)/;
/** What is left of a printed error around the lines above. */
const remains = /^(Require stack:|\s*tries: \[|\s*[\]}{]|)$/;

/** For a line of the server's log. */
export function isLogNoise(line: string): boolean {
  return chatter.test(line) || unbuiltModule.test(line) || ownFrame.test(line) || remains.test(line);
}

/** For a whole message of several lines from the extension host: what is left of it, or undefined for nothing. */
export function withoutNoise(message: string): string | undefined {
  if (chatter.test(message) || unbuiltModule.test(message)) return undefined;
  return message
    .split("\n")
    .filter((line) => !ownFrame.test(line))
    .join("\n");
}
