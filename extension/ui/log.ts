// What the extension logs: an event and plain fields, never the text of a message, a password or a token. VS Code's
// LogOutputChannel is one; tests bring their own.

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Of an exception, for the log or for a person: its message alone. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
