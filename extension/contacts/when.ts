// When something was said, short enough for the row of a contact: the time today, the weekday within a week, else the
// date. In the words of the person's language.

const dayMs = 24 * 60 * 60 * 1_000;

/** @param locale undefined: that of the machine */
export function createTimeWords(locale?: string): (atMs: number, nowMs: number) => string {
  const formatOf = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, options);
  const time = formatOf({ timeStyle: "short" });
  const weekday = formatOf({ weekday: "short" });
  const day = formatOf({ day: "numeric", month: "short" });
  const date = formatOf({ day: "numeric", month: "short", year: "numeric" });
  return (atMs, nowMs) => {
    const at = new Date(atMs);
    const now = new Date(nowMs);
    const ageMs = nowMs - atMs;
    if (at.toDateString() === now.toDateString()) return time.format(at);
    if (ageMs >= 0 && ageMs < 6 * dayMs) return weekday.format(at);
    return (at.getFullYear() === now.getFullYear() ? day : date).format(at);
  };
}
