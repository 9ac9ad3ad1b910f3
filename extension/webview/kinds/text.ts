// Actions on any message: copying it, linking to it, and sending it again. draw-text.ts draws the text itself.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import { element } from "../dom.ts";
import { texts } from "../texts.ts";
import { isSent } from "./kind.ts";
import type { PageContext, PageKind } from "./kind.ts";

export const text: PageKind = {
  actions: {
    copy: {
      icon: "copy",
      label: texts.copy,
      applies: (_, article) => !isOnlyCode(article),
      run: ({ seq }, { post }) => post({ kind: "take", seq, to: "clipboard" }),
    },
    link: {
      icon: "link",
      label: texts.copyLink,
      applies: isSent,
      run: ({ seq }, { post }) => post({ kind: "link", seq }),
    },
  },
};

/** Sends a failed message again. */
export function retryButton({ mid }: ChatMessage, { post }: PageContext): HTMLElement {
  const button = element("button", { class: "link", type: "button" }, texts.retry);
  button.addEventListener("click", () => post({ kind: "retry", mid }));
  return button;
}

/** Whether the message is one code block, whose bar has a button for copying already. */
function isOnlyCode(article: Element): boolean {
  const parts = article.querySelectorAll(":scope > .text > *");
  return parts.length === 1 && parts[0]?.classList.contains("code-block") === true;
}
