// The delivery state of an own message, up to the mark that it was read; marking a conversation as unread; and telling the
// host which messages were seen.

import type { ChatMessage } from "../../../protocol/api/model.ts";
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

export class SeenReport {
  readonly #post: PageContext["post"];
  #seen = 0;

  constructor(post: PageContext["post"]) {
    this.#post = post;
  }

  /** To be called if other messages are shown. */
  reset(): void {
    this.#seen = 0;
  }

  /**
   * To be called if the end of these messages is in view. Only messages of others count as seen, and only in a visible page.
   */
  endInView(messages: readonly ChatMessage[]): void {
    const newest = messages.findLast((each) => !each.own)?.seq ?? 0;
    if (newest <= this.#seen || document.visibilityState !== "visible") return;
    this.#seen = newest;
    this.#post({ kind: "seen", upTo: newest });
  }
}

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
