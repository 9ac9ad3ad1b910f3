// Decides which window shows each consent question: the one in front, for as long as it exists; then the next. All views
// learn of the questions and whether they are the one to ask.

import { questionsChanged } from "../../protocol/api/direct.ts";
import type { ConsentRequest } from "../../protocol/api/direct.ts";
import { chooseAsker } from "../core/notification-policy.ts";
import type { State } from "../core/state.ts";
import type { Views } from "./views.ts";

export interface PromptRouterOptions {
  readonly views: Pick<Views, "broadcastEach">;
  /** All open questions. */
  readonly questions: () => readonly ConsentRequest[];
  readonly state: () => Pick<State, "windows" | "doNotDisturb">;
}

export class PromptRouter {
  readonly #options: PromptRouterOptions;
  /** The view that asks, by question id. */
  readonly #askers = new Map<string, number>();

  constructor(options: PromptRouterOptions) {
    this.#options = options;
  }

  /** Returns the questions as that view sees them. */
  toldTo(view: number): ConsentRequest[] {
    this.#choose();
    return this.#questionsFor(view);
  }

  /** Called when questions were added or removed. */
  questionsChanged(): void {
    this.#choose();
    this.#broadcast();
  }

  /** Called when a window came, went, or got the focus, or when the person may be disturbed again. */
  windowsChanged(): void {
    if (this.#choose()) this.#broadcast();
  }

  /**
   * Chooses the window for each question. A question stays in a window where it is already visible. @returns whether any
   * question has moved
   */
  #choose(): boolean {
    const { windows, doNotDisturb } = this.#options.state();
    const waiting = this.#options.questions();
    for (const id of this.#askers.keys()) if (!waiting.some((each) => each.id === id)) this.#askers.delete(id);
    let changed = false;
    for (const { id } of waiting) {
      const before = this.#askers.get(id);
      if (before !== undefined && windows.has(before)) continue;
      const asker = doNotDisturb ? undefined : chooseAsker(windows);
      if (asker === undefined) this.#askers.delete(id);
      else this.#askers.set(id, asker);
      changed ||= asker !== before;
    }
    return changed;
  }

  #questionsFor(view: number): ConsentRequest[] {
    return this.#options
      .questions()
      .map((each) => (this.#askers.get(each.id) === view ? { ...each, ask: true } : each));
  }

  #broadcast(): void {
    this.#options.views.broadcastEach(questionsChanged, (view) => ({ questions: this.#questionsFor(view) }));
  }
}
