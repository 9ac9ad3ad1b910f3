// A line of a file as developers write it and Send Selection puts it in: `src/retry.js:12`, in code. Only the end of a path
// inside of the workspace: nothing that begins at a root, goes up, or means several files, and no host with a port.

/** Of what the page asks to open, before such a place. */
export const filePlaceScheme = "workspace-file:";

const form =
  /^([^/\\:*?"<>|{}[\]!,\s][^\\:*?"<>|{}[\]!,\n]*\.(?!(?:com|dev|example|io|local|net|org):)\p{L}[\p{L}\p{N}]{0,11}):(\d{1,7})(?:[:-]\d{1,7})?$/u;
const maxLength = 300;

export interface FilePlace {
  readonly path: string;
  /** From 1 on. */
  readonly line: number;
}

export function filePlaceOf(text: string): FilePlace | undefined {
  const [, path, digits] = text.length > maxLength ? [] : (form.exec(text) ?? []);
  const line = Number(digits);
  if (path === undefined || line < 1 || path.split("/").some((part) => part === "" || /^\.+$/u.test(part))) return;
  return { path, line };
}
