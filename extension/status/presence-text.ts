// A person's own state in words, as it is said inside a sentence.

import type { OwnPresence } from "../../protocol/api/model.ts";
import { t } from "../ui/l10n.ts";

export function statusWords(state: OwnPresence["state"]): string {
  switch (state) {
    case "available":
      return t("available");
    case "away":
      return t("away");
    case "dnd":
      return t("do not disturb");
  }
}
