// Parsers for option values. Each returns undefined for a value that it does not understand; the caller says what it
// expected.

import { isNetwork } from "../net/proxies.ts";
import type { PasswordCost } from "../storage/passwords.ts";

/** Parses a whole number, 0 or more, given as a number or as digits. */
export function count(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** Parses "MiB,passes". The bounds allow costs from a moment to a minute. */
export function passwordCost(value: unknown): PasswordCost | undefined {
  const found = typeof value === "string" ? /^(\d{1,4}),(\d{1,2})$/.exec(value) : null;
  if (!found) return undefined;
  const [mebibytes, passes] = [Number(found[1]), Number(found[2])];
  return mebibytes >= 8 && mebibytes <= 1_024 && passes >= 1 && passes <= 20 ? { mebibytes, passes } : undefined;
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses "30m", "12h" or "7d" into milliseconds; "never" is Infinity. */
export function duration(value: unknown): number | undefined {
  if (value === "never") return Infinity;
  const found = typeof value === "string" ? /^([1-9]\d{0,4})([mhd])$/.exec(value) : null;
  return found ? Number(found[1]) * unitMs[found[2] as keyof typeof unitMs] : undefined;
}

/** Parses IP addresses and networks in CIDR form: a list, or a comma-separated text. */
export function networks(value: unknown): readonly string[] | undefined {
  const given: unknown = typeof value === "string" ? value.split(",").map((each) => each.trim()) : value;
  if (!Array.isArray(given)) return undefined;
  const found = given.filter((each): each is string => typeof each === "string" && isNetwork(each));
  return found.length === given.length ? found : undefined;
}
