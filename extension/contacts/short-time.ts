// Formats a time for the row of a contact: the time today, the weekday within a week, else the date. In the person's
// language.

const dayMs = 24 * 60 * 60 * 1_000;
const shapes = {
  time: { timeStyle: "short" },
  weekday: { weekday: "short" },
  day: { day: "numeric", month: "short" },
  date: { day: "numeric", month: "short", year: "numeric" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** @param locale undefined: that of the machine */
export function createTimeWords(locale?: string): (atMs: number, nowMs: number) => string {
  const formats: Partial<Record<keyof typeof shapes, Intl.DateTimeFormat>> = {};
  const format = (shape: keyof typeof shapes, at: Date): string =>
    // Created on first use: each takes milliseconds, and a starting window shows no times.
    (formats[shape] ??= new Intl.DateTimeFormat(locale, shapes[shape])).format(at);
  return (atMs, nowMs) => {
    const at = new Date(atMs);
    const now = new Date(nowMs);
    const ageMs = nowMs - atMs;
    if (at.toDateString() === now.toDateString()) return format("time", at);
    if (ageMs >= 0 && ageMs < 6 * dayMs) return format("weekday", at);
    return format(at.getFullYear() === now.getFullYear() ? "day" : "date", at);
  };
}

/**
 * Returns a function that returns true at the first call on a new day: times that were drawn as today's are outdated then.
 */
export function createDayWatch(drawnAtMs: number): (nowMs: number) => boolean {
  let day = new Date(drawnAtMs).toDateString();
  return (nowMs) => {
    const today = new Date(nowMs).toDateString();
    const isNew = today !== day;
    day = today;
    return isNew;
  };
}
