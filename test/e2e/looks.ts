// The four kinds of theme that VS Code has, and two widths of its window: everything that people see has to be right in
// each of them.

import { acceptQuickInput, fillQuickInput, runCommand } from "../support/vscode/quick-input.ts";
import type { UserWindow } from "./user-window.ts";

export const themes = {
  dark: { label: "Dark 2026", marker: "vs-dark" },
  light: { label: "Light 2026", marker: "vs" },
  "hc-black": { label: "Dark High Contrast", marker: "hc-black" },
  "hc-light": { label: "Light High Contrast", marker: "hc-light" },
} as const;
export type Theme = keyof typeof themes;
export const themeNames = Object.keys(themes) as Theme[];

/** CSS pixels. `zoomed` is what a zoom of 200 % leaves of a window. */
export const sizes = {
  wide: { width: 1_280, height: 800 },
  zoomed: { width: 640, height: 400 },
} as const;
export type Size = keyof typeof sizes;
export const sizeNames = Object.keys(sizes) as Size[];

/** With this somebody moves in whose theme is to be changed. */
export const steadyTheme = { "window.autoDetectColorScheme": false };

/** By the command, as a person does: VS Code here sees but the first change of a settings file. */
export async function wear({ page }: UserWindow, theme: Theme): Promise<void> {
  const { label, marker } = themes[theme];
  const worn = page.locator(`.monaco-workbench.${marker}`);
  if (await worn.isVisible()) return;
  await runCommand(page, "Preferences: Color Theme");
  await fillQuickInput(page, label, /Color Theme/);
  await page.locator(".quick-input-widget").getByRole("option", { name: label }).first().waitFor();
  await acceptQuickInput(page);
  await worn.waitFor();
}

/** The place that the window has; VS Code and the page lay themselves out anew. */
export async function resize(resident: UserWindow, size: Size): Promise<void> {
  await resident.page.setViewportSize(sizes[size]);
}
