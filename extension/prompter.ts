// The prompter of VS Code: input boxes, quick picks, notifications, and a few words in the status bar.

import { QuickInputButtons, ThemeIcon, window } from "vscode";
import type { QuickPickItem } from "vscode";
import { back } from "./prompter-port.ts";
import type { Choice, Offer, Prompter } from "./prompter-port.ts";
import { Disposables } from "./signal.ts";

const mentionMs = 4_000;

export const vscodePrompter: Prompter = {
  ask(question) {
    const { promise, resolve } = Promise.withResolvers<string | typeof back | undefined>();
    const box = window.createInputBox();
    const disposables = new Disposables();
    disposables.add(box);
    box.title = question.title;
    box.prompt = question.prompt;
    box.value = question.value ?? "";
    box.placeholder = question.placeholder ?? "";
    box.password = question.password ?? false;
    box.ignoreFocusOut = true;
    if (question.step) {
      box.step = question.step.at;
      box.totalSteps = question.step.of;
      box.buttons = question.step.at > 1 ? [QuickInputButtons.Back] : [];
    }
    const finish = (answer: string | typeof back | undefined): void => {
      resolve(answer);
      disposables.dispose();
    };
    const complaint = (): string | undefined => question.validate?.(box.value);
    disposables.add(
      box.onDidChangeValue(() => (box.validationMessage = complaint())),
      box.onDidTriggerButton(() => finish(back)),
      box.onDidHide(() => finish(undefined)),
      box.onDidAccept(() => {
        box.validationMessage = complaint();
        if (box.validationMessage === undefined) finish(box.value);
      }),
    );
    box.show();
    return promise;
  },

  choose<T>(offer: Offer<T>) {
    const { promise, resolve } = Promise.withResolvers<T | undefined>();
    const pick = window.createQuickPick<QuickPickItem & { readonly chosen: T }>();
    const disposables = new Disposables();
    disposables.add(pick);
    const item = (choice: Choice<T>): QuickPickItem & { readonly chosen: T } => ({
      label: choice.label,
      ...(choice.icon !== undefined && { iconPath: new ThemeIcon(choice.icon) }),
      ...(choice.description !== undefined && { description: choice.description }),
      ...(choice.detail !== undefined && { detail: choice.detail }),
      chosen: choice.value,
    });
    const items = offer.choices.map(item);
    pick.title = offer.title;
    pick.placeholder = offer.placeholder;
    pick.items = items;
    const finish = (answer: T | undefined): void => {
      resolve(answer);
      disposables.dispose();
    };
    disposables.add(
      pick.onDidChangeValue((text) => {
        const typed = offer.typed?.(text.trim());
        pick.items = typed === undefined ? items : [...items, { ...item(typed), alwaysShow: true }];
      }),
      pick.onDidAccept(() => finish((pick.activeItems[0] ?? pick.selectedItems[0])?.chosen)),
      pick.onDidHide(() => finish(undefined)),
    );
    pick.show();
    return promise;
  },

  async tell(tone, text, ...buttons) {
    if (tone === "error") return window.showErrorMessage(text, ...buttons);
    if (tone === "warning") return window.showWarningMessage(text, ...buttons);
    return window.showInformationMessage(text, ...buttons);
  },

  async confirm({ text, detail, yes }) {
    return (await window.showWarningMessage(text, { modal: true, detail }, yes)) === yes;
  },

  mention(text) {
    window.setStatusBarMessage(text, mentionMs);
  },
};
