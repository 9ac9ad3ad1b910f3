// Characters that do something to a terminal or to a reader's eye and show nothing of themselves: C1 controls, line and
// paragraph separators, and format characters, among them the marks that turn the direction of text and the tags that no font
// draws (CWE-117, CWE-150). JSON escapes only those below U+0020 by itself.

const hidden = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;
const anythingElse = /[^\n\u0020-\u007e]/;

/**
 * The same JSON with each hidden character as `\u` escapes: whoever parses it reads what was there.
 * @param json JSON text; outside of its strings it has none of these characters
 */
export function escapeHidden(json: string): string {
  return anythingElse.test(json) ? json.replace(hidden, escaped) : json;
}

/** One escape per UTF-16 unit. */
function escaped(character: string): string {
  let text = "";
  for (let at = 0; at < character.length; at += 1) {
    text += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }
  return text;
}
