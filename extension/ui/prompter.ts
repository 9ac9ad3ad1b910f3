// The prompter of VS Code: input boxes, quick picks, notifications, and short texts in the status bar.

import { ProgressLocation, QuickInputButtons, ThemeIcon, window } from "vscode";
import type { QuickPickItem } from "vscode";
import { back } from "./prompter-port.ts";
import type { Choice, Finder, Offer, Prompter } from "./prompter-port.ts";
import { Disposables } from "./signal.ts";
import type { Disposable } from "./signal.ts";

const mentionMs = 4_000;
/** The list is updated once the person stops typing for this long. */
const typingPauseMs = 120;

/** The newest message replaces the one before. */
let shownMessage: Disposable | undefined;

type Item<T> = QuickPickItem & { readonly chosen: T };

function itemOf<T>(choice: Choice<T>): Item<T> {
  return {
    label: choice.label,
    ...(choice.icon !== undefined && { iconPath: new ThemeIcon(choice.icon) }),
    ...(choice.description !== undefined && { description: choice.description }),
    ...(choice.detail !== undefined && { detail: choice.detail }),
    chosen: choice.value,
  };
}

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
    const problem = (): string | undefined => question.validate?.(box.value);
    disposables.add(
      box.onDidChangeValue((value) => {
        box.validationMessage = problem();
        question.changed?.(value);
      }),
      box.onDidTriggerButton(() => finish(back)),
      box.onDidHide(() => finish(undefined)),
      box.onDidAccept(() => {
        box.validationMessage = problem();
        if (box.validationMessage === undefined) finish(box.value);
      }),
    );
    box.show();
    return promise;
  },

  choose<T>(offer: Offer<T>) {
    const { promise, resolve } = Promise.withResolvers<T | undefined>();
    const pick = window.createQuickPick<Item<T>>();
    const disposables = new Disposables();
    disposables.add(pick);
    const items = offer.choices.map(itemOf);
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
        pick.items = typed === undefined ? items : [...items, { ...itemOf(typed), alwaysShow: true }];
      }),
      pick.onDidAccept(() => finish((pick.activeItems[0] ?? pick.selectedItems[0])?.chosen)),
      pick.onDidHide(() => finish(undefined)),
    );
    pick.show();
    return promise;
  },

  find<T>(finder: Finder<T>) {
    const { promise, resolve } = Promise.withResolvers<T | undefined>();
    const pick = window.createQuickPick<Item<T>>();
    const disposables = new Disposables();
    let wanted = 0;
    let timer: NodeJS.Timeout | undefined;
    disposables.add(pick, { dispose: () => clearTimeout(timer) });
    pick.title = finder.title;
    pick.placeholder = finder.placeholder;
    const look = async (text: string): Promise<void> => {
      const own = (wanted += 1);
      pick.busy = true;
      const found = await finder.find(text);
      if (own !== wanted || disposables.disposed) return;
      pick.busy = false;
      pick.items = found.map((choice) => ({ ...itemOf(choice), alwaysShow: true }));
    };
    const finish = (answer: T | undefined): void => {
      resolve(answer);
      disposables.dispose();
    };
    disposables.add(
      pick.onDidChangeValue((text) => {
        clearTimeout(timer);
        timer = setTimeout(() => void look(text), typingPauseMs);
      }),
      pick.onDidAccept(() => {
        const [item] = pick.activeItems;
        if (item !== undefined) finish(item.chosen);
      }),
      pick.onDidHide(() => finish(undefined)),
    );
    pick.value = finder.value ?? "";
    if (pick.value !== "") void look(pick.value);
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

  async decide({ text, detail, buttons }) {
    return window.showInformationMessage(text, { modal: true, detail }, ...buttons);
  },

  async busy(text, work) {
    return window.withProgress({ location: ProgressLocation.Window, title: text }, work);
  },

  mention(text) {
    shownMessage?.dispose();
    shownMessage = window.setStatusBarMessage(text, mentionMs);
  },
};
