// Escapes characters that affect a terminal or a reader but are invisible themselves: C1 controls, line and paragraph
// separators, and format characters, among them direction marks and tags that no font draws (CWE-117, CWE-150). By itself,
// JSON escapes only those below U+0020.

const hidden = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;
const anythingElse = /[^\n\u0020-\u007e]/;

/**
 * Returns the same JSON with each hidden character as a `\u` escape. Parsing it gives the same value.
 * @param json JSON text; it has none of these characters outside its strings
 */
export function escapeHidden(json: string): string {
  return anythingElse.test(json) ? json.replace(hidden, escaped) : json;
}

/** Writes one escape per UTF-16 unit. */
function escaped(character: string): string {
  let text = "";
  for (let at = 0; at < character.length; at += 1) {
    text += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }
  return text;
}
