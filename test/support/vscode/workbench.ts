// The window of a VS Code under test, in a page: opening it, its side bar, its trees, its webviews.
// Approach: roles and accessible names where VS Code has them, awaited conditions throughout.
import type { Frame, Page } from "playwright-core";
import { until } from "./until.ts";

const openDeadlineMs = 60_000;
const deadlineMs = 20_000;

/** Opens a VS Code and waits until its extensions' commands and views exist; the extensions may still be activating. */
export async function openWorkbench(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: "domcontentloaded", timeout: openDeadlineMs });
  await waitForWorkbench(page);
}

/** The same after a reload of the page. */
export async function waitForWorkbench(page: Page): Promise<void> {
  await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: openDeadlineMs });
  await until(
    "VS Code to load its extensions",
    async () => (await page.evaluate(isLoaded)) || undefined,
    openDeadlineMs,
  );
}

function isLoaded(): boolean {
  return performance.getEntriesByName("code/didLoadExtensions").length > 0;
}

/** Shows a view container by its name in the activity bar. Does nothing if it is shown already. */
export async function openView(page: Page, name: string): Promise<void> {
  const tab = page.locator(".part.activitybar").getByRole("tab", { name: named(name) });
  await tab.waitFor({ timeout: deadlineMs });
  if ((await tab.getAttribute("aria-selected")) !== "true") await tab.click();
  await until(
    `the view ${name} to open`,
    async () => ((await tab.getAttribute("aria-selected")) === "true" ? true : undefined),
    deadlineMs,
  );
}

/** Clicks the visible tree item whose name starts with `name` as a word (a description or count may follow). */
export async function clickTreeItem(page: Page, name: string): Promise<void> {
  const item = page.getByRole("treeitem", { name: named(name) });
  await item.first().click({ timeout: deadlineMs });
}

/** Accessible names of all visible tree items, from top to bottom. */
export function readTree(page: Page): Promise<string[]> {
  return page.getByRole("treeitem").evaluateAll((items) => items.map((item) => item.getAttribute("aria-label") ?? ""));
}

/**
 * Waits for a matching webview and returns the frame with the extension's document. The frame dies when its panel is hidden
 * or its HTML is replaced: call again instead of keeping it.
 */
export function findWebview(
  page: Page,
  fits: (frame: Frame) => Promise<boolean>,
  timeoutMs = deadlineMs,
): Promise<Frame> {
  return until(
    "a webview that fits",
    async () => {
      for (const frame of page.frames()) {
        if (!frame.url().includes("/fake.html")) continue;
        if (await fits(frame).catch(() => false)) return frame; // it may be replaced while we look
      }
      return undefined;
    },
    timeoutMs,
  );
}

function named(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\p{L}\\p{N}_-])`, "u");
}
