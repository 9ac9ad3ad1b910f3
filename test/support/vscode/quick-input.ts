// VS Code's one input at the top (command palette, input boxes, pick lists), used as a person would.
// Trap: a command may ask several questions in a row in the same widget. `asking` names the intended question.
import type { Locator, Page } from "playwright-core";
import { until } from "./until.ts";

const deadlineMs = 20_000;
/** One of several steps that are retried together. */
const stepMs = 3_000;
const anything = /(?:)/;

export interface QuickInputState {
  readonly title: string;
  readonly placeholder: string;
  /** The prompt of an input box, or the reason why a value is rejected. */
  readonly message: string;
  readonly value: string;
  /** Whether the value is rejected; `message` has the reason. */
  readonly refused: boolean;
  /** Accessible names of the visible entries. */
  readonly items: readonly string[];
}

/** Returns the current question; undefined if there is none. */
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

/** Waits for a question whose title, placeholder or message matches. The command palette itself does not count. */
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

/** Waits for a question that matches `asking` and types an answer, unconfirmed. */
export async function fillQuickInput(page: Page, text: string, asking = anything): Promise<void> {
  await waitForQuickInput(page, asking);
  await inputOf(page).fill(text);
}

/** Presses Enter and waits until the question is gone or another one is asked. A value that stays rejected is an error. */
export async function acceptQuickInput(page: Page): Promise<void> {
  const before = await waitForQuickInput(page);
  await inputOf(page).press("Enter");
  await untilChanged(page, before);
}

/**
 * Runs a command by its title in the palette, such as `Chat Room: Open Chat`. Does not wait for its effect. If something
 * else takes the focus meanwhile, the palette closes and is opened again, as a person would do.
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

/** In an entry's accessible name, its key binding and group follow after a comma. */
function startingWith(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(,|$)`);
}
