// Schemas for data that a newer program may have written. If a word, an element or an addition cannot be read, only that
// part is lost, never the whole. For what a daemon sends its views and a server its clients, and for what is read from a
// disk. Not for requests, where a mistake has to be reported.

import { limits } from "./limits.ts";
import { Invalid } from "./validate.ts";
import type { Schema } from "./validate.ts";

/** Reads one of the words; any other value reads as the first of them. */
export function known<const T extends string>(fallback: T, ...others: readonly T[]): Schema<T> {
  return {
    read(value, path) {
      if (typeof value !== "string") return new Invalid(`${path} must be a string`);
      return others.find((each) => each === value) ?? fallback;
    },
  };
}

/** Reads a list, without the elements that cannot be read. */
export function list<T>(schema: Schema<T>, bounds: { max?: number } = {}): Schema<T[]> {
  const { max = Number.MAX_SAFE_INTEGER } = bounds;
  return {
    read(value, path) {
      if (!Array.isArray(value)) return new Invalid(`${path} must be a list`);
      const copy: T[] = [];
      for (const [index, entry] of value.slice(0, max).entries()) {
        const read = schema.read(entry, `${path}[${index}]`);
        if (!(read instanceof Invalid)) copy.push(read);
      }
      return copy;
    },
  };
}

/** Reads a field that counts as absent if it cannot be read. */
export function maybe<T>(schema: Schema<T>): Schema<T> & { optional: true } {
  return {
    optional: true,
    read(value, path) {
      const read = schema.read(value, path);
      // Then `object` leaves the field out.
      return read instanceof Invalid ? (undefined as T) : read;
    },
  };
}

/** Tries one schema, then the other. */
export function either<T>(schema: Schema<T>, other: Schema<T>): Schema<T> {
  return {
    read(value, path) {
      const read = schema.read(value, path);
      if (!(read instanceof Invalid)) return read;
      const instead = other.read(value, path);
      return instead instanceof Invalid ? read : instead;
    },
  };
}

/** Reads a time in milliseconds since 1970 that a `Date` can hold: the one nearest to what was written. */
export const time: Schema<number> = {
  read(value, path) {
    if (typeof value !== "number" || Number.isNaN(value)) return new Invalid(`${path} must be a number`);
    return Math.trunc(Math.min(limits.maxTimeMs, Math.max(0, value)));
  },
};
