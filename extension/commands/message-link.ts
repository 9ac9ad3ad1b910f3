// A link to one message: `vscode://chat-room.chat-room/message?mid=…&from=…`. Author and id identify it on every machine
// that has it, in whichever conversation it is there. The link contains nothing of its text.

import type { ChatMessage } from "../../protocol/api/model.ts";

type Named = Pick<ChatMessage, "mid" | "from">;

/** The name is last, because an id from another program may contain an ampersand. */
const query = /^mid=(.{1,256})&from=(.{1,256})$/su;

/** @param scheme the editor's, such as `vscode` */
export function linkTo({ mid, from }: Named, scheme: string): string {
  return `${scheme}://chat-room.chat-room/message?mid=${encodeURIComponent(mid)}&from=${encodeURIComponent(from)}`;
}

/** @param given decoded, as VS Code passes it on @returns undefined if it does not name a message */
export function readMessageQuery(given: string): Named | undefined {
  const [, mid, from] = query.exec(given) ?? [];
  return mid === undefined || from === undefined ? undefined : { mid, from };
}
