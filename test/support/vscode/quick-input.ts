// VS Code's one input at the top (command palette, input boxes, pick lists), as a person uses it.
// Trap: a command may ask several things in a row in the same widget. `asking` names the question that is meant.
import type { Locator, Page } from "playwright-core";
import { until } from "./until.ts";

const deadlineMs = 20_000;
/** One step of several that are tried again together. */
const stepMs = 3_000;
const anything = /(?:)/;

export interface QuickInputState {
  readonly title: string;
  readonly placeholder: string;
  /** The prompt of an input box, or why a value is refused. */
  readonly message: string;
  readonly value: string;
  /** The value is refused, `message` says why. */
  readonly refused: boolean;
  /** Accessible names of the visible entries. */
  readonly items: readonly string[];
}

/** Undefined while nothing is asked. */
export async function readQuickInput(page: Page): Promise<QuickInputState | undefined> {
  const widget = page.locator(".quick-input-widget");
  if (!(await widget.isVisible())) return undefined;
  const input = inputOf(page);
  const rows = widget.getByRole("option");
  return {
    title: await visibleText(widget.locator(".quick-input-title")),
    placeholder: (await attribute(input, "placeholder")) ?? "",
    message: await visibleText(widget.locator(".quick-input-message")),
    value: (await input.isVisible()) ? await input.inputValue() : "",
    refused: await widget.locator(".quick-input-box .monaco-inputbox.error").isVisible(),
    items: await rows.evaluateAll((found) => found.map((row) => row.getAttribute("aria-label") ?? "")),
  };
}

/** Waits for a question whose title, placeholder or message fits. The command palette itself is not taken for one. */
export async function waitForQuickInput(page: Page, asking = anything): Promise<QuickInputState> {
  let seen: QuickInputState | undefined;
  try {
    return await until(
      `the quick input to ask ${String(asking)}`,
      async () => {
        seen = await readQuickInput(page);
        if (seen === undefined || (seen.value.startsWith(">") && asking === anything)) return undefined;
        return asking.test([seen.title, seen.placeholder, seen.message].join("\n")) ? seen : undefined;
      },
      deadlineMs,
    );
  } catch (error) {
    throw new Error(`${String(error)}; it shows ${JSON.stringify(seen)}`, { cause: error });
  }
}

/** Waits for a question that fits `asking` and writes an answer, unconfirmed. */
export async function fillQuickInput(page: Page, text: string, asking = anything): Promise<void> {
  await waitForQuickInput(page, asking);
  await inputOf(page).fill(text);
}

/** Enter, then waits until the question is gone or another one. A value that stays refused is an error. */
export async function acceptQuickInput(page: Page): Promise<void> {
  const before = await waitForQuickInput(page);
  await inputOf(page).press("Enter");
  await untilChanged(page, before);
}

/**
 * Runs a command by its title in the palette, such as `Chat Room: Open Chat`. Does not wait for what it does. Whatever takes
 * the focus meanwhile closes the palette: it is opened again then, as a person would.
 */
export async function runCommand(page: Page, title: string): Promise<void> {
  const row = page
    .locator(".quick-input-widget")
    .getByRole("option", { name: startingWith(title) })
    .first();
  const run = async (): Promise<true | undefined> => {
    await page.keyboard.press("F1");
    await inputOf(page).waitFor({ timeout: stepMs });
    await inputOf(page).fill(`>${title}`, { timeout: stepMs });
    if ((await inputOf(page).inputValue()) !== `>${title}`) return undefined;
    await row.click({ timeout: stepMs });
    return true;
  };
  await until(`the palette to run "${title}"`, run, deadlineMs).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; it shows ${JSON.stringify(await readQuickInput(page))}`, { cause: error });
  });
  await row.waitFor({ state: "hidden", timeout: deadlineMs });
}

async function untilChanged(page: Page, before: QuickInputState | undefined): Promise<void> {
  let now: QuickInputState | undefined;
  try {
    await until(
      "the quick input to take the answer",
      async () => {
        now = await readQuickInput(page);
        const isSame = now?.refused === true || JSON.stringify(now) === JSON.stringify(before);
        return isSame ? undefined : true;
      },
      deadlineMs,
    );
  } catch (error) {
    throw new Error(`${String(error)}; it shows ${JSON.stringify(now)}`, { cause: error });
  }
}

function inputOf(page: Page): Locator {
  return page.locator(".quick-input-widget .quick-input-box input").first();
}

async function visibleText(locator: Locator): Promise<string> {
  return (await locator.isVisible()) ? (await locator.innerText()).trim() : "";
}

async function attribute(locator: Locator, name: string): Promise<string | null> {
  return (await locator.isVisible()) ? locator.getAttribute(name) : null;
}

/** An entry's accessible name goes on, after a comma, with its key binding and group. */
function startingWith(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(,|$)`);
}
