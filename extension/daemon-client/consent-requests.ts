// The people who wait for this person's word on talking directly, as the daemon last told. A copy, and empty while the
// daemon cannot be reached: then nothing could be answered either. No vscode.

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
  /** Rises with every notification, so that a late answer does not bring back what is gone. */
  #told = 0;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#disposables.add(
      daemon.on(questionsChanged, (told) => {
        this.#told += 1;
        this.#take(told.questions);
      }),
      daemon.linkChanged.on((link) => {
        if (link.state === "connected") void this.#read();
        else this.#take([]);
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
    const told = this.#told;
    const outcome = await this.#daemon.request(questions, {});
    if (outcome.ok && told === this.#told) this.#take(outcome.questions);
  }

  #take(open: readonly ConsentRequest[]): void {
    if (open.length === 0 && this.#open.length === 0) return;
    this.#open = open;
    this.changed.fire(undefined);
  }
}
