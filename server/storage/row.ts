// Reads columns of a SQLite row as the types that the schema declares. A mismatch is a bug or a corrupt file, so it throws.

import type { SQLOutputValue } from "node:sqlite";
import { textOfBytes } from "./sql-text.ts";

export type SqlRow = Record<string, SQLOutputValue>;

export function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`column ${column} is no text`);
  return value;
}

/** Reads a BLOB that was written with `textParameter`; rows that were inserted by hand may hold text. */
export function clientTextOf(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} is no text`);
  return textOfBytes(value);
}

export function integerOf(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`column ${column} is no number`);
  return value;
}

export function optionalTextOf(row: SqlRow, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}

export function optionalClientTextOf(row: SqlRow, column: string): string | undefined {
  return row[column] === null ? undefined : clientTextOf(row, column);
}

export function optionalIntegerOf(row: SqlRow, column: string): number | undefined {
  return row[column] === null ? undefined : integerOf(row, column);
}
