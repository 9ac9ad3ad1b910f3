// The cost of the extension when a window starts, as measured by VS Code: the row of `Developer: Startup Performance` about
// this extension.

import type { Page } from "playwright-core";
import { runCommand } from "../../test/support/vscode/quick-input.ts";
import { until } from "../../test/support/vscode/until.ts";
import { waitForWorkbench } from "../../test/support/vscode/workbench.ts";

const deadlineMs = 60_000;

export interface Activation {
  /** Loading the code and calling `activate`. */
  readonly ownMs: number;
  /** Until VS Code continued, possibly with other extensions in between. */
  readonly allMs: number;
}

/** Reloads the window for each round. */
export async function activations(page: Page, rounds: number): Promise<Activation[]> {
  const found: Activation[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.reload();
    await waitForWorkbench(page);
    found.push(await until("the times of the extension", () => readTimes(page), deadlineMs));
    await runCommand(page, "View: Close All Editors");
  }
  return found;
}

async function readTimes(page: Page): Promise<Activation | undefined> {
  await runCommand(page, "Developer: Startup Performance");
  const editor = page.locator(".editor-instance .monaco-editor").first();
  await editor.waitFor();
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  const text = await page.evaluate(() => navigator.clipboard.readText());
  await runCommand(page, "View: Close All Editors");
  // | Extension | Eager | Load Code | Call Activate | Finish Activate | Event | By |
  const row = text.split("\n").find((line) => line.includes("chat-room.chat-room") && line.includes("|"));
  const numbers = row?.split("|").flatMap((cell) => (/^\s*\d+\s*$/.test(cell) ? [Number(cell)] : []));
  const [loadMs, callMs, finishMs] = numbers ?? [];
  if (loadMs === undefined || callMs === undefined || finishMs === undefined) return undefined;
  return { ownMs: loadMs + callMs, allMs: loadMs + callMs + finishMs };
}
