// What became of an own message, up to the mark that it was read, and marking a conversation as unread.

import { codicon, element } from "../dom.ts";
import { texts } from "../texts.ts";
import type { MessageRow } from "../timeline.ts";
import type { PageContext, PageKind } from "./kind.ts";
import { retryButton } from "./text.ts";

export const readMark: PageKind = {
  actions: {
    unread: {
      icon: "eye-closed",
      label: texts.markUnread,
      applies: ({ own }) => !own,
      run: ({ seq }, { post }) => post({ kind: "unread", seq }),
    },
  },
  status: (message, { whom }) => texts.state(message, whom),
  dependsOn: ({ message, telling }, { whom }) => [telling, message.own ? texts.state(message, whom) : ""],
  drawBelow: drawState,
};

function drawState({ message, telling }: MessageRow, page: PageContext): HTMLElement[] {
  const state = texts.state(message, page.setting().whom);
  if (state === "") return [];
  const failed = message.state === "failed";
  const drawn = element("div", { class: telling ? `state ${message.state}` : "state for-screen-readers" });
  if (failed) drawn.append(codicon("error"));
  drawn.append(element("span", {}, state));
  if (failed) drawn.append(retryButton(message, page));
  return [drawn];
}
