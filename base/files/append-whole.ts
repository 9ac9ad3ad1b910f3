// Appends all of a text to a file, or nothing. If the disk gets full or a limit on the file's size is reached, a single
// write may write only a part, and reports that only in its return value.

import { fstatSync, ftruncateSync, writeFileSync } from "node:fs";

/**
 * @param file a descriptor of a regular file, open to append
 * @throws the error of the file system; then the file is as long as before
 */
export function appendWhole(file: number, text: string): void {
  const { size } = fstatSync(file);
  try {
    writeFileSync(file, text);
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
  }
}
