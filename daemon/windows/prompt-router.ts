// Which one window asks the person about each question that waits for their word: the one in front, for as long as it is
// there; then the next. What every view is told of the questions says whether it is the one.

import { questionsChanged } from "../../protocol/api/direct.ts";
import type { ConsentRequest } from "../../protocol/api/direct.ts";
import { chooseAsker } from "../core/notification-policy.ts";
import type { State } from "../core/state.ts";
import type { Views } from "./views.ts";

export interface PromptRouterOptions {
  readonly views: Pick<Views, "broadcastEach">;
  /** All that wait. */
  readonly questions: () => readonly ConsentRequest[];
  readonly state: () => Pick<State, "windows" | "doNotDisturb">;
}

export class PromptRouter {
  readonly #options: PromptRouterOptions;
  /** The view that asks, by the id of the question. */
  readonly #askers = new Map<string, number>();

  constructor(options: PromptRouterOptions) {
    this.#options = options;
  }

  /** The questions, as that view is told of them. */
  toldTo(view: number): ConsentRequest[] {
    this.#choose();
    return this.#as(view);
  }

  /** Questions came or went. */
  questionsChanged(): void {
    this.#choose();
    this.#tell();
  }

  /** A window came, went, or got the focus, or the person may be disturbed again. */
  windowsChanged(): void {
    if (this.#choose()) this.#tell();
  }

  /** A question stays with its window, where it can be seen already. @returns whether one is asked somewhere else now */
  #choose(): boolean {
    const { windows, doNotDisturb: undisturbed } = this.#options.state();
    const waiting = this.#options.questions();
    for (const id of this.#askers.keys()) if (!waiting.some((each) => each.id === id)) this.#askers.delete(id);
    let changed = false;
    for (const { id } of waiting) {
      const before = this.#askers.get(id);
      if (before !== undefined && windows.has(before)) continue;
      const asker = undisturbed ? undefined : chooseAsker(windows);
      if (asker === undefined) this.#askers.delete(id);
      else this.#askers.set(id, asker);
      changed ||= asker !== before;
    }
    return changed;
  }

  #as(view: number): ConsentRequest[] {
    return this.#options
      .questions()
      .map((each) => (this.#askers.get(each.id) === view ? { ...each, ask: true } : each));
  }

  #tell(): void {
    this.#options.views.broadcastEach(questionsChanged, (view) => ({ questions: this.#as(view) }));
  }
}
