// Finds out why a program ended from its error stream: its own error message if there is one, else the exception that ended
// it. The last line of a crash is Node's version, which explains nothing.

/** Prefix of the message with which the server says why it does not start. */
export const complaint = "chat-room-server: ";

/** Returns the reason. @param lines the last ones that it wrote; log lines are JSON objects */
export function lastWords(lines: readonly string[], code: number | null, signal: NodeJS.Signals | null): string {
  const reported = lines.findLast((line) => line.startsWith(complaint))?.slice(complaint.length);
  if (reported !== undefined) return reported;
  const thrown = lines.findLast((line) => /^(Uncaught )?\w*Error( \[\w+\])?: \S/.test(line));
  if (thrown !== undefined) return `The server failed: ${thrown}. Its log (server.log) says more.`;
  const lastLine = lines.findLast((line) => !isNoise(line));
  const how = signal === null ? `exit code ${code}` : signal;
  return lastLine ?? `The server ended before it was ready (${how}). Its log (server.log) may say more.`;
}

/** Lines of a stack trace, of Node itself, or of the log. */
function isNoise(line: string): boolean {
  return /^\s*$|^\s+at |^\s*[\^~]+\s*$|^[{}]|^Node\.js v|^\(Use `|^(node:|file:|[/\\]|\w:\\).*:\d+$/.test(line);
}
