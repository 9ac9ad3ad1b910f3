// Formats times and days in the person's language.

import { language } from "./page-l10n.ts";
import { texts } from "./texts.ts";

const time = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
const short = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const dayOfAnotherYear = new Intl.DateTimeFormat(language, { dateStyle: "long" });

export const shortTime = (at: Date): string => time.format(at);
export const fullTime = (at: Date): string => moment.format(at);
export const dateAndTime = (at: Date): string => short.format(at);

export function dayName(atMs: number): string {
  const date = new Date(atMs);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return texts.today;
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return texts.yesterday;
  return (date.getFullYear() === today.getFullYear() ? day : dayOfAnotherYear).format(date);
}
