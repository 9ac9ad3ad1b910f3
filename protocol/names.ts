// What a user name may be [P-3.1], and the key under which it is unique. A name is shown in other people's editors, so
// nothing that can hide, reorder or imitate (white space, control and format characters, bidi marks) passes.

import { hiddenClass } from "./hidden-characters.ts";
import type { UserKey, UserName } from "./ids.ts";
import { limits } from "./limits.ts";

export type NameCheck = { ok: true; name: UserName; key: UserKey } | { ok: false; reason: string };

/** Words that the answer map of `online` or a JavaScript client would mistake for something else. */
const reserved: ReadonlySet<string> = new Set(["type", "id", "result", "__proto__"]);

/** Why a name may not be used. */
export const nameComplaints = {
  empty: "The user name is empty. Choose one of 1 to 64 characters.",
  long: "The user name is longer than 64 characters. Choose a shorter one.",
  forbidden: "The user name has a space, control or invisible character. Choose one without.",
  reserved: "That name is reserved. Choose another one.",
} as const;

/** All that is not seen, in an emoji too; the blank of Braille, and whatever only a private font shows. */
const forbidden = new RegExp(String.raw`[\p{White_Space}\p{Cf}\p{Co}\u2800${hiddenClass}]`, "u");

export function checkName(raw: string): NameCheck {
  if (raw === "") return refused("empty");
  if (raw.length > 2 * limits.maxNameCharacters) return refused("long");
  const name = raw.normalize("NFKC");
  if (Array.from(name).length > limits.maxNameCharacters) return refused("long");
  if (forbidden.test(name)) return refused("forbidden");
  const key = keyOfName(name);
  if (reserved.has(key)) return refused("reserved");
  return { ok: true, name: name as UserName, key };
}

/** The key of any spelling of a name; says nothing about whether the name is allowed. */
export function keyOfName(name: string): UserKey {
  return name.normalize("NFKC").toLowerCase().normalize("NFKC") as UserKey;
}

function refused(why: keyof typeof nameComplaints): NameCheck {
  return { ok: false, reason: nameComplaints[why] };
}
