// How a name looks, so that nobody can take a name that passes for another's [P-3.1]: the skeleton of UTS 39, section 4.
// Two names look alike if they share a skeleton. A name in one script other than Latin is accepted, unless somebody has a
// name that it looks like. Not covered: text that runs in both directions, and characters that differ by a stroke or an
// accent.

import { keyOfName } from "../../../protocol/names.ts";
import { confusables } from "./confusables.ts";

const prototypes = unpack(confusables);
/** Later editions of the table add the first; no edition has the second. */
prototypes.set("ӏ", "l").set("ȷ", "j");

/** Only ASCII characters without a prototype. */
const plain = /^[^\P{ASCII}01I"%`m|]*$/u;

/** A dot above a letter that already has one is invisible. */
const secondDot = /(?<=[ij])\u0307/gu;

/** The skeleton of the name in lower case, as its key has it: the one that is stored with an account. */
export function skeletonOf(name: string): string {
  return looksOf(keyOfName(name));
}

/**
 * The ways in which a name looks: in lower case first, then as it is written if that differs. A capital I looks like a
 * small l, but it is the same letter as i: `PayPaI` is written like `paypal`, and looks like `paypai` in lower case. In
 * both, case is ignored.
 */
export function skeletonsOf(name: string): readonly [string, ...string[]] {
  const folded = skeletonOf(name);
  const written = looksOf(name.normalize("NFKC"));
  return written === folded ? [folded] : [folded, written];
}

function looksOf(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  const alike = Array.from(text.normalize("NFD"), (character) => prototypes.get(character) ?? character);
  return keyOfName(alike.join("").normalize("NFD").replace(secondDot, ""));
}

/** @returns the prototype of each character that has one */
function unpack(packed: string): Map<string, string> {
  const unpacked = new Map<string, string>();
  for (const entry of packed.trim().split(/\s+/)) {
    const [prototype = "", alike = ""] = entry.split("=");
    const text = prototype.split("+").map(characterOf).join("");
    for (const source of alike.split(",")) unpacked.set(characterOf(source), text);
  }
  return unpacked;
}

function characterOf(hexadecimal: string): string {
  return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
}
