// The text of something that was thrown: for a person, and for the log.

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
