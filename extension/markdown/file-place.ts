// A line of a file as developers write it and Send Selection inserts it: `src/retry.js:12`, in code. Only the end of a path
// inside the workspace: not absolute, not upwards, no wildcards, and no host with a port.

/** Prefix of such a place when the page asks to open it. */
export const filePlaceScheme = "workspace-file:";

const form =
  /^([^/\\:*?"<>|{}[\]!,\s][^\\:*?"<>|{}[\]!,\n]*\.(?!(?:com|dev|example|io|local|net|org):)\p{L}[\p{L}\p{N}]{0,11}):(\d{1,7})(?:[:-]\d{1,7})?$/u;
const maxLength = 300;

export interface FilePlace {
  readonly path: string;
  /** Starts at 1. */
  readonly line: number;
}

export function filePlaceOf(text: string): FilePlace | undefined {
  const [, path, digits] = text.length > maxLength ? [] : (form.exec(text) ?? []);
  const line = Number(digits);
  if (path === undefined || line < 1 || path.split("/").some((part) => part === "" || /^\.+$/u.test(part))) return;
  return { path, line };
}
