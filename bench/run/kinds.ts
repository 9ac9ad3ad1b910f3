// The servers that a run can measure.

/** `sink` is not a competitor: it shows what the generator can do. */
export const kinds = ["ours", "yardstick", "coalesced", "sink"] as const;
export type Kind = (typeof kinds)[number];
