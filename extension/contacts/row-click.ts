// Finds out which row was clicked. VS Code drops the arguments of a row's command as soon as it redraws the row, so a click
// at that moment would run nothing. Therefore the command has no arguments: the clicked row is the selected one. While VS
// Code rereads the tree, nothing is selected for a moment, so this waits. No vscode.

import type { Signal } from "../ui/signal.ts";

/** Rereading a tree takes a fraction of this. */
const rereadMs = 3_000;

/**
 * Returns the selected row.
 * @param drawn fires whenever VS Code was given a row
 * @returns undefined if no row is selected, or several are
 */
export async function selectedRow<T>(
  view: { readonly selection: readonly T[] },
  drawn: Signal<undefined>,
  waitMs = rereadMs,
): Promise<T | undefined> {
  if (view.selection.length === 0) {
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        following.dispose();
        clearTimeout(deadline);
        resolve();
      };
      const deadline = setTimeout(settle, waitMs);
      // In a later turn, because VS Code knows the new row only then.
      const following = drawn.on(() => void setTimeout(() => (view.selection.length > 0 ? settle() : undefined), 0));
    });
  }
  return view.selection.length === 1 ? view.selection[0] : undefined;
}
