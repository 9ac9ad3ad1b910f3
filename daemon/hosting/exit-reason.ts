// Why a program ended, out of what it wrote to its error stream: its own complaint where it has one, else the error that ended
// it. The last line of a crash is Node's version, which is nobody's reason.

/** How the server begins the sentence that says why it does not start. */
export const complaint = "chat-room-server: ";

/** @param lines the last ones that it wrote; log lines are JSON objects */
export function lastWords(lines: readonly string[], code: number | null, signal: NodeJS.Signals | null): string {
  const complained = lines.findLast((line) => line.startsWith(complaint))?.slice(complaint.length);
  if (complained !== undefined) return complained;
  const thrown = lines.findLast((line) => /^(Uncaught )?\w*Error( \[\w+\])?: \S/.test(line));
  if (thrown !== undefined) return `The server failed: ${thrown}. Its log (server.log) says more.`;
  const spoken = lines.findLast((line) => !isNoise(line));
  const how = signal === null ? `exit code ${code}` : signal;
  return spoken ?? `The server ended before it was ready (${how}). Its log (server.log) may say more.`;
}

/** Of a stack, of Node itself, or of the log. */
function isNoise(line: string): boolean {
  return /^\s*$|^\s+at |^\s*[\^~]+\s*$|^[{}]|^Node\.js v|^\(Use `|^(node:|file:|[/\\]|\w:\\).*:\d+$/.test(line);
}
