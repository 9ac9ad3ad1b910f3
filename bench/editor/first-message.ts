// From a click on a contact to its newest message on the screen. The chat's page is watched from inside: it records when
// its script could start (the page was written) and when the first message was drawn.

import type { Frame, Page } from "playwright-core";
import type { UserWindow } from "../../test/e2e/user-window.ts";
import { clickTreeItem, findWebview } from "../../test/support/vscode/workbench.ts";
import { runCommand } from "../../test/support/vscode/quick-input.ts";

export interface Opened {
  readonly sincePage: number;
  readonly sinceClick: number;
}

interface Noted {
  pageAt?: number;
  drawnAt?: number;
}

/** Applies to chats that are opened from now on. */
export async function watchPages(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // A webview's document is written into a frame that is empty at first: its content identifies it later.
    if (window === window.top) return;
    const endMs = performance.now() + 60_000;
    const noted: Noted = ((globalThis as unknown as { noted?: Noted }).noted ??= {});
    const look = (): void => {
      const now = performance.timeOrigin + performance.now();
      if (noted.pageAt === undefined && document.getElementById("chat") !== null) noted.pageAt = now;
      if (now - performance.timeOrigin > endMs) return;
      if (document.querySelector("[role=log] article") === null) setTimeout(look, 1);
      // It is on the screen once it has been through a frame.
      else requestAnimationFrame(() => setTimeout(() => (noted.drawnAt = performance.timeOrigin + performance.now())));
    };
    look();
  });
}

export async function firstMessageMs(resident: UserWindow, partner: string, rounds: number): Promise<Opened[]> {
  const { page } = resident;
  const found: Opened[] = [];
  for (let round = 0; round < rounds + 1; round++) {
    await page.evaluate(() => {
      const note = (): void =>
        void ((globalThis as unknown as { clickedAt: number }).clickedAt = performance.timeOrigin + performance.now());
      document.addEventListener("mousedown", note, { capture: true, once: true });
    });
    await clickTreeItem(page, partner);
    const frame = await findWebview(page, isDrawn);
    const noted = await frame.evaluate(() => (globalThis as unknown as { noted: Required<Noted> }).noted);
    const clickedAt = await page.evaluate(() => (globalThis as unknown as { clickedAt: number }).clickedAt);
    // The first round warms up.
    if (round > 0) found.push({ sincePage: noted.drawnAt - noted.pageAt, sinceClick: noted.drawnAt - clickedAt });
    await runCommand(page, "View: Close All Editors");
  }
  return found;
}

function isDrawn(frame: Frame): Promise<boolean> {
  return frame.evaluate(() => (globalThis as unknown as { noted?: Noted }).noted?.drawnAt !== undefined);
}
