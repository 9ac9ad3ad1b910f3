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

/** A removal of a reaction is done by the same button. Typing is about no message: see typing.ts. */
type Name = Exclude<EventKind, "reactionRemoval"> | "readMark";

const byName: Readonly<Record<Name, PageKind>> = { text, reply, edit, deletion, reaction, readMark };

/** What is drawn on a message is drawn in this order. */
export const pageKinds: readonly PageKind[] = Object.values(byName);

/** Every action of the toolbar and of the menu, in their order. */
export const toolbarActions: ReadonlyMap<MessageAction, ToolbarAction> = new Map(
  messageActions.flatMap((name) =>
    pageKinds.flatMap(({ actions }) => {
      const action = actions?.[name];
      return action === undefined ? [] : [[name, action] as const];
    }),
  ),
);
