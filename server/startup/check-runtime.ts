// What the server needs from the Node.js that runs it, and which warning of Node.js it suppresses.

/** Node 22.16 added copying a database that is in use, for `backup`. */
const needed = [22, 16] as const;

/** @returns a sentence for a person if a feature is missing */
export function missingRuntimeFeatures(version: string = process.versions.node): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return undefined;
  return `Node ${version} is too old for it. Use Node ${needed.join(".")} or newer.`;
}

/** SQLite was experimental before Node.js 24; that warning does not belong in the log. Others are printed as usual. */
export function ignoreExperimentalSqlite(): void {
  const printers = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "ExperimentalWarning" && warning.message.startsWith("SQLite")) return;
    for (const print of printers) print(warning);
  });
}
