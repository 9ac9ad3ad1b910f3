// What a user name may be [P-3.1], and the key under which it is unique. A name is shown in other people's editors, so
// nothing that can hide or reorder text (white space, control and format characters, bidi marks) is allowed. Later rules
// apply to new names only: existing names stay valid. The server decides which names look alike.

import { foldCase } from "./text/case-folding.ts";
import { hiddenClass } from "./text/hidden-characters.ts";
import type { UserKey, UserName } from "./ids.ts";
import { limits } from "./limits.ts";

export type NameCheck = { ok: true; name: UserName; key: UserKey } | { ok: false; reason: string };

/** Words that the answer map of `online`, or a JavaScript client, would mistake for something else. */
export const fieldNames: ReadonlySet<string> = new Set(["type", "id", "result", "__proto__"]);

/** Words that mean everyone, a place or the server itself. */
export const reservedNames: ReadonlySet<string> = new Set(["everyone", "server", "system", "here", "room", "all"]);

/** The names of rooms begin with it. */
export const roomPrefix = "#";

/** Why a name may not be used. */
export const nameComplaints = {
  empty: "The user name is empty. Choose one of 1 to 64 characters.",
  long: "The user name is longer than 64 characters. Choose a shorter one.",
  forbidden: "The user name has a space, control or invisible character. Choose one without.",
  marks: "The user name begins with an accent, or has more than 4 of them in a row. Choose one with fewer.",
  reserved: "That name is reserved. Choose another one.",
  official: "That name could be taken for everyone, a room or the server itself. Choose another one.",
  room: "A user name cannot begin with #: the names of rooms do. Choose another one.",
  lookAlike: "That name looks like the name of somebody else here. Choose another one.",
} as const;

/** Everything invisible, in an emoji too; the blank of Braille, and characters that only a private font shows. */
const forbidden = new RegExp(String.raw`[\p{White_Space}\p{Cf}\p{Co}\u2800${hiddenClass}]`, "u");

/**
 * Not allowed in new names: characters that are not assigned, which nobody can draw, and characters that are blank without
 * a property that says so: the half fill space, the object replacement and the replacement character, the null notehead,
 * blank hieroglyphs, the Khitan filler.
 */
const blank = /[\p{Cn}\u303f\ufffc\ufffd\u{1d159}\u{13441}\u{13442}\u{16fe4}]/u;
/**
 * A name must begin with something visible by itself: a letter, number, symbol or punctuation. No language needs more than
 * 4 marks in a row; sixty paint over the lines above and below.
 */
const misplacedMarks = /^\p{M}|\p{M}{5}/u;

/** Whether somebody may have that name, perhaps since before the newer rules. */
export function checkName(raw: string): NameCheck {
  if (raw === "") return refused("empty");
  if (raw.length > 2 * limits.maxNameCharacters) return refused("long");
  const name = raw.normalize("NFKC");
  if (Array.from(name).length > limits.maxNameCharacters) return refused("long");
  if (forbidden.test(name)) return refused("forbidden");
  const key = keyOfName(name);
  if (fieldNames.has(key)) return refused("reserved");
  return { ok: true, name: name as UserName, key };
}

/** Whether an account may be made with that name, as far as the name alone can tell. */
export function checkNewName(raw: string): NameCheck {
  const checked = checkName(raw);
  if (!checked.ok) return checked;
  const { name, key } = checked;
  if (blank.test(name)) return refused("forbidden");
  if (misplacedMarks.test(name)) return refused("marks");
  if (key.startsWith(roomPrefix)) return refused("room");
  return reservedNames.has(key) ? refused("official") : checked;
}

const ascii = /^[\0-\x7f]*$/;

/**
 * The key of any spelling of a name, and of the beginning of one: NFKC, full case folding, NFKC. Does not check whether the
 * name is allowed. Hot path.
 */
export function keyOfName(name: string): UserKey {
  if (ascii.test(name)) return name.toLowerCase() as UserKey;
  return foldCase(name.normalize("NFKC")).normalize("NFKC") as UserKey;
}

function refused(why: keyof typeof nameComplaints): NameCheck {
  return { ok: false, reason: nameComplaints[why] };
}
