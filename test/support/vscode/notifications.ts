// The notifications that VS Code shows at the bottom right. One without buttons disappears after some 10 s.
import type { Locator, Page } from "playwright-core";

export interface Notification {
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
  readonly buttons: readonly string[];
}

/** Waits for one whose text matches. */
export async function waitForNotification(page: Page, text: RegExp, timeoutMs = 20_000): Promise<Notification> {
  const item = itemWith(page, text);
  await item.waitFor({ timeout: timeoutMs });
  return readItem(item);
}

/** Waits for one whose text matches and presses its button. */
export async function pressNotificationButton(page: Page, text: RegExp, button: string): Promise<void> {
  const item = itemWith(page, text);
  await item.waitFor();
  await item.hover(); // some buttons show only then, and it holds the toast
  await item.getByRole("button", { name: button, exact: true }).click();
}

const itemSelector = ".notifications-toasts .notification-list-item";

function itemWith(page: Page, text: RegExp): Locator {
  const message = page.locator(".notification-list-item-message").filter({ hasText: text });
  return page.locator(itemSelector).filter({ has: message }).first();
}

async function readItem(item: Locator): Promise<Notification> {
  const icon = (await item.locator(".notification-list-item-icon").getAttribute("class")) ?? "";
  return {
    severity: icon.includes("error") ? "error" : icon.includes("warning") ? "warning" : "info",
    text: (await item.locator(".notification-list-item-message").innerText()).trim(),
    buttons: await item.locator(".notification-list-item-buttons-container").getByRole("button").allInnerTexts(),
  };
}
