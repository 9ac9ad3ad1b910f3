// A link to one message: `vscode://chat-room.chat-room/message?mid=…&from=…`. Author and id name it on every machine that has it,
// in whichever conversation it is there; nothing of what it says is in the link.

import type { ChatMessage } from "../../protocol/api/model.ts";

type Named = Pick<ChatMessage, "mid" | "from">;

/** The name is last: an id of another program may hold an ampersand. */
const query = /^mid=(.{1,256})&from=(.{1,256})$/su;

/** @param scheme of the editor, as `vscode` */
export function linkTo({ mid, from }: Named, scheme: string): string {
  return `${scheme}://chat-room.chat-room/message?mid=${encodeURIComponent(mid)}&from=${encodeURIComponent(from)}`;
}

/** @param given decoded, as VS Code hands it on @returns undefined where it names no message */
export function readMessageQuery(given: string): Named | undefined {
  const [, mid, from] = query.exec(given) ?? [];
  return mid === undefined || from === undefined ? undefined : { mid, from };
}
