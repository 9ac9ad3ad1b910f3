// What an exception of SQLite says. Without SQLite itself, so that also a Node that has none can ask.

const sqliteBusy = 5;
export const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;

/** Another connection holds a lock that it does not give back in time. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === sqliteBusy;
}

export function isCorruption(error: unknown): boolean {
  return [sqliteCorrupt, sqliteNotADatabase].includes(primaryCode(error) ?? 0);
}

/** SQLite's result code without its extension; undefined if the error is not from SQLite. */
export function primaryCode(error: unknown): number | undefined {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}
