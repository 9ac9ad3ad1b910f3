// The host's side of all kinds of conversation events. A new kind gets its file and its line here.

import { deletion } from "./deletion.ts";
import { edit } from "./edit.ts";
import type { PanelContext } from "./kind.ts";
import { reaction } from "./reaction.ts";
import { readMark } from "./read-mark.ts";
import { text } from "./text.ts";
import { typing } from "./typing.ts";

export type Kinds = ReturnType<typeof kindsOf>;

/** Replies have no handlers of their own: they are sent like texts. */
export function kindsOf(panel: PanelContext) {
  return {
    ...text(panel),
    ...edit(panel),
    ...deletion(panel),
    ...reaction(panel),
    ...readMark(panel),
    ...typing(panel),
  };
}
