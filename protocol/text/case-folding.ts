// Full case folding (status C and F of Unicode's CaseFolding.txt) for text in NFKC; the result has to be normalised to NFKC
// again. JavaScript has only `toLowerCase`, which keeps ß, ẞ and ss apart, keeps ς and σ apart, and maps Cherokee the other
// way round. These exceptions are handled here. Not for Turkish: İ folds to i with a dot, and ı stays as it is.

/** Characters that `toLowerCase` leaves different from their folded form. */
const exceptions = /[ß\u0345ς\u13f8-\u13fd\u1c80-\u1c88\u1f80-\u1faf\u1fb2-\u1ff7\uab70-\uabbf]/gu;

/** Old forms of Cyrillic letters, from U+1C80 on. */
const oldCyrillic = "вдосттъѣꙋ";
const iotaBelow = "\u0345";

/** @param text in NFKC @returns the same, once it is in NFKC again, for two texts that differ only in case */
export function foldCase(text: string): string {
  return text.toLowerCase().replace(exceptions, foldException);
}

function foldException(character: string): string {
  if (character === "ß") return "ss";
  if (character === "ς") return "σ";
  const code = character.charCodeAt(0);
  // Cherokee folds to its capitals, which Unicode had before its small letters.
  if (code >= 0xab70) return String.fromCharCode(code - 0xab70 + 0x13a0);
  if (code >= 0x1f80 || character === iotaBelow) return character.normalize("NFD").replace(iotaBelow, "ι");
  if (code >= 0x1c80) return oldCyrillic.charAt(code - 0x1c80);
  return String.fromCharCode(code - 0x13f8 + 0x13f0);
}
