// Puts code into a message: as a fenced block of Markdown, whatever the code contains.

/** In UTF-16 units; anything that is not the name of a language is left out. */
const language = /^[\w+#.-]{1,32}$/u;

/** The header of one file; also matches in a listing of commits. */
const diffHeader = /^(?:diff --(?:git|cc|combined) |--- \S.*\n\+\+\+ \S.*\n@@ -\d)/mu;

export function isDiff(text: string): boolean {
  return diffHeader.test(text);
}

/**
 * Makes the block, without a newline at its end. The fence is longer than any at the beginning of a line of the code, so
 * that nothing in the code ends the block.
 */
export function codeBlock(code: string, languageName: string): string {
  const longest = Math.max(2, ...Array.from(code.matchAll(/^\s*(`{3,})/gmu), (match) => match[1]?.length ?? 0));
  const fence = "`".repeat(longest + 1);
  const lines = code.replace(/\r\n?/gu, "\n").replace(/\n$/u, "");
  return `${fence}${language.test(languageName) ? languageName : ""}\n${lines}\n${fence}`;
}
