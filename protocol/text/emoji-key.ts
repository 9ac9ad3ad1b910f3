// Recognises a reaction: exactly one emoji. The same emoji comes with and without U+FE0F, which asks for its colours; both
// count as one, kept in the spelling that Unicode calls fully qualified.

/** In UTF-16 units; the longest family of Unicode has 14. */
const maxLength = 32;
const colours = "\uFE0F";

const person = String.raw`\p{Extended_Pictographic}\p{Emoji_Modifier}?`;
/** Without U+FE0F: two letters of a flag, a keycap, a flag by tags, or emoji in a chain of joiners. */
const one = new RegExp(
  String.raw`^(?:\p{Regional_Indicator}{2}|[#*0-9]\u20E3|\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}|` +
    String.raw`${person}(?:\u200D${person})*)$`,
  "u",
);
/** Emoji that are drawn without colours by default. */
const plain = /[#*0-9](?=\u20E3)|(?!\p{Emoji_Presentation})\p{Extended_Pictographic}(?!\p{Emoji_Modifier})/gu;

/** Returns the same key for every spelling of one emoji. */
export function emojiKey(emoji: string): string {
  return emoji.replaceAll(colours, "");
}

/** Returns the emoji, fully qualified; undefined if the text is anything but exactly one. */
export function reactionOf(text: string): string | undefined {
  if (text.length > maxLength || text.startsWith(colours) || text.includes(colours + colours)) return undefined;
  const key = emojiKey(text);
  return one.test(key) ? key.replace(plain, `$&${colours}`) : undefined;
}
