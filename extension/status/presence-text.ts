// The person's own presence as text inside a sentence.

import type { OwnPresence } from "../../protocol/api/model.ts";
import { createTimeWords } from "../contacts/short-time.ts";
import { displayLanguage, t } from "../ui/l10n.ts";

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

/** Appends when the status ends, if it does. */
export function withEnd(words: string, { untilMs }: OwnPresence): string {
  if (untilMs === undefined) return words;
  const end = createTimeWords(displayLanguage())(untilMs, Date.now());
  return words === "" ? t("until {0}", end) : t("{0}, until {1}", words, end);
}
