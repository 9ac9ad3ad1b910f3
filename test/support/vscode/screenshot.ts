// Screenshots: `test-results/screenshots/NAME.png` on purpose, `test-results/failures/NAME.png` when a test fails.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const results = fileURLToPath(new URL("../../../test-results/", import.meta.url));

/** Returns the path of the PNG. `name` may be a sentence. */
export function screenshot(page: Page, name: string): Promise<string> {
  return take(page, join(results, "screenshots"), name);
}

/** Never throws. Returns a line for the failure message: where the screenshot is, or why there is none. */
export async function screenshotFailure(page: Page, name: string): Promise<string> {
  try {
    return `screenshot: ${await take(page, join(results, "failures"), name)}`;
  } catch (error) {
    return `no screenshot: ${String(error)}`;
  }
}

/** Call in a `describe`: after a failed test, screenshots of all people are kept, and the output says where they are. */
export function keepFailures(people: () => readonly { readonly name: string; readonly page: Page }[]): void {
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    for (const { name, page } of people())
      console.log(await screenshotFailure(page, `${this.currentTest.title}-${name}`));
  });
}

async function take(page: Page, folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}.png`);
  await page.screenshot({ path, animations: "disabled", caret: "hide", timeout: 10_000 });
  return path;
}
