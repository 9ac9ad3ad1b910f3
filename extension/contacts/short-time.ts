// When something was said, short enough for the row of a contact: the time today, the weekday within a week, else the
// date. In the words of the person's language.

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
  const words = (shape: keyof typeof shapes, at: Date): string =>
    // Made with their first use: each takes milliseconds, and a window that starts has no time to write.
    (formats[shape] ??= new Intl.DateTimeFormat(locale, shapes[shape])).format(at);
  return (atMs, nowMs) => {
    const at = new Date(atMs);
    const now = new Date(nowMs);
    const ageMs = nowMs - atMs;
    if (at.toDateString() === now.toDateString()) return words("time", at);
    if (ageMs >= 0 && ageMs < 6 * dayMs) return words("weekday", at);
    return words(at.getFullYear() === now.getFullYear() ? "day" : "date", at);
  };
}

/** Answers true at the first call on another day than that of the call before: what was drawn as today's is not any more. */
export function createDayWatch(drawnAtMs: number): (nowMs: number) => boolean {
  let day = new Date(drawnAtMs).toDateString();
  return (nowMs) => {
    const today = new Date(nowMs).toDateString();
    const isNew = today !== day;
    day = today;
    return isNew;
  };
}
