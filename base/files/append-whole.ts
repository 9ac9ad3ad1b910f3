// Appends to a file all of a text or nothing: a single write may take a part of it only, where the disk gets full or a limit
// of the file's size is reached, and says so in nothing but what it returns.

import { fstatSync, ftruncateSync, writeFileSync } from "node:fs";

/**
 * @param file a descriptor of a regular file, open to append
 * @throws what the file system says; then the file is as long as before
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
