// Deletes an own message, and draws the placeholder of a deleted one.

import { codicon, element } from "../dom.ts";
import { texts } from "../texts.ts";
import { isOwnAndSent } from "./kind.ts";
import type { PageKind } from "./kind.ts";

export const deletion: PageKind = {
  actions: {
    delete: {
      icon: "trash",
      label: texts.delete,
      applies: isOwnAndSent,
      run: ({ mid }, { post }) => post({ kind: "delete", mid }),
    },
  },
  drawInstead: ({ deleted }) =>
    deleted === true ? [element("div", { class: "text deleted" }, codicon("trash"), texts.deleted)] : undefined,
};
