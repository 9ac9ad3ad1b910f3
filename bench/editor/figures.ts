// The measured figures as a table for README.md: median and range beside the limit.

import { median } from "../run/report.ts";

export interface Figure {
  readonly name: string;
  readonly unit: "ms" | "MB" | "KB";
  /** It should not exceed this. */
  readonly limit: number | undefined;
  readonly values: readonly number[];
}

export function figure(
  name: string,
  unit: Figure["unit"],
  limit: number | undefined,
  values: readonly number[],
): Figure {
  return { name, unit, limit, values };
}

export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, limit, values }) => {
    const middle = median(values);
    const range = values.length > 1 ? `${words(Math.min(...values))} to ${words(Math.max(...values))}` : "";
    const verdict = limit === undefined ? "" : `${limit} ${unit}${middle <= limit ? "" : " **missed**"}`;
    return `| ${name} | ${words(middle)} ${unit} | ${range} | ${values.length} | ${verdict} |`;
  });
  return ["| what | median | range | times | limit |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function words(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}
