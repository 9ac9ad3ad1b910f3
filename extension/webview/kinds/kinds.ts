// All kinds of conversation events on the page. A new kind gets its file and its line here.

import type { EventKind } from "../../../protocol/conversations/event.ts";
import { messageActions } from "../../../protocol/page/page-messages.ts";
import type { MessageAction } from "../../../protocol/page/page-messages.ts";
import { deletion } from "./deletion.ts";
import { edit } from "./edit.ts";
import type { PageKind, ToolbarAction } from "./kind.ts";
import { reaction } from "./reaction.ts";
import { readMark } from "./read-mark.ts";
import { reply } from "./reply.ts";
import { text } from "./text.ts";

/** The button of a reaction also removes it. Typing does not concern a message: see typing.ts. */
type Name = Exclude<EventKind, "reactionRemoval"> | "readMark";

const byName: Readonly<Record<Name, PageKind>> = { text, reply, edit, deletion, reaction, readMark };

/** The kinds, in the order in which they draw on a message. */
export const pageKinds: readonly PageKind[] = Object.values(byName);

/** All actions, in the order of the toolbar and the menu. */
export const toolbarActions: ReadonlyMap<MessageAction, ToolbarAction> = new Map(
  messageActions.flatMap((name) =>
    pageKinds.flatMap(({ actions }) => {
      const action = actions?.[name];
      return action === undefined ? [] : [[name, action] as const];
    }),
  ),
);
