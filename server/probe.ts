// What the server needs of the Node.js that runs it.

/** With Node 22.16 came the copy of a database in use, for `backup`. */
const needed = [22, 16] as const;

/** @returns a sentence for a person where something is missing */
export function whatIsMissing(version: string = process.versions.node): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return undefined;
  return `Node ${version} is too old for it. Use Node ${needed.join(".")} or newer.`;
}
