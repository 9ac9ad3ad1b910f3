// Characters that are not text: control characters (an escape sequence starts with one) and the marks that reorder or
// hide what stands beside them (CWE-150). New lines, tabs and the joiners inside emoji are text.

/** Everything that must not reach a terminal or a label. */
export const unprintable = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
