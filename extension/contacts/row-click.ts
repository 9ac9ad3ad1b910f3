// Which row was clicked. VS Code drops the arguments of a row's command as soon as it draws the row anew, and a click at
// that very moment would run nothing. So the command of our rows has no arguments: what was clicked is what is selected.
// While VS Code reads the tree anew nothing is selected for a moment, which is waited for. No vscode.

import type { Signal } from "../ui/signal.ts";

/** A tree is read anew in a fraction of this. */
const rereadMs = 3_000;

/**
 * @param drawn fires whenever VS Code was given a row
 * @returns undefined where no row is selected, or several are
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
      // In a later turn: only then VS Code knows the row that it was given.
      const following = drawn.on(() => void setTimeout(() => (view.selection.length > 0 ? settle() : undefined), 0));
    });
  }
  return view.selection.length === 1 ? view.selection[0] : undefined;
}
