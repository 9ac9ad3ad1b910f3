// The people who wait for this person's consent to talk directly, as last reported by the daemon. A copy. Empty while the
// daemon cannot be reached, because nothing could be answered then. No vscode.

import { questions, questionsChanged } from "../../protocol/api/direct.ts";
import type { ConsentRequest } from "../../protocol/api/direct.ts";
import type { Daemon } from "./port.ts";
import { Disposables, Emitter } from "../ui/signal.ts";
import type { Disposable } from "../ui/signal.ts";

export class ConsentRequestStore implements Disposable {
  readonly changed = new Emitter<undefined>();
  readonly #daemon: Daemon;
  readonly #disposables = new Disposables();
  #open: readonly ConsentRequest[] = [];
  /** Incremented with every notification, so that a late answer does not bring back old questions. */
  #notifications = 0;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#disposables.add(
      daemon.on(questionsChanged, ({ questions: open }) => {
        this.#notifications += 1;
        this.#set(open);
      }),
      daemon.linkChanged.on((link) => {
        if (link.state === "connected") void this.#read();
        else this.#set([]);
      }),
    );
    if (daemon.link.state === "connected") void this.#read();
  }

  get open(): readonly ConsentRequest[] {
    return this.#open;
  }

  find(id: string): ConsentRequest | undefined {
    return this.#open.find((each) => each.id === id);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #read(): Promise<void> {
    const before = this.#notifications;
    const outcome = await this.#daemon.request(questions, {});
    if (outcome.ok && before === this.#notifications) this.#set(outcome.questions);
  }

  #set(open: readonly ConsentRequest[]): void {
    if (open.length === 0 && this.#open.length === 0) return;
    this.#open = open;
    this.changed.fire(undefined);
  }
}
