// Changes of own messages on their way to the daemon. One that is refused comes back as what it is, and is written on as soon
// as no other one is; so does one of which nobody can tell any more what became of it, unless the history has it.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { PanelState } from "../../protocol/page/panel-state.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import { saved, saving, unsaved } from "./unsent.ts";
import type { ExtensionHost } from "./extension-host.ts";

type Change = NonNullable<PanelState["editing"]>;

export class PendingChanges {
  readonly #host: ExtensionHost;
  /** The host will say what became of the changes of these messages. */
  readonly #underWay = new Set<string>();

  constructor(host: ExtensionHost) {
    this.#host = host;
  }

  /** @param stored the message's text as it is known */
  save(change: Change, stored: string | undefined): void {
    const { account } = this.#host.state;
    if (account === undefined) return;
    if (stored === change.text) this.#host.setState({ editing: undefined });
    else {
      this.#host.setState(saving(this.#host.state, change));
      this.#underWay.add(change.mid);
      this.#host.post({ kind: "edit", account, ...change });
    }
    this.takeBack();
  }

  /** False where it is another account's, and nothing to say to this one. It may have come back before this was known. */
  settle({ account, mid, text, refused }: Extract<ToPanel, { kind: "edited" }>): boolean {
    const { state } = this.#host;
    if (account !== state.account) return false;
    this.#underWay.delete(mid);
    const isBack = state.editing?.mid === mid && state.editing.text === text;
    if (refused === undefined) this.#host.setState({ ...saved(state, mid), ...(isBack && { editing: undefined }) });
    else if (state.editing?.mid !== mid) {
      this.#host.setState({ saving: saving(state, { mid, text }).saving });
      this.takeBack();
    }
    return true;
  }

  /** What the history has is stored. True where something comes back. */
  compare(messages: readonly ChatMessage[]): boolean {
    for (const { mid, text } of this.#host.state.saving ?? []) {
      const isStored = messages.some((each) => each.mid === mid && each.text === text);
      if (isStored) this.#host.setState(saved(this.#host.state, mid));
    }
    return this.takeBack();
  }

  takeBack(): boolean {
    const { editing } = this.#host.state;
    this.#host.setState(unsaved(this.#host.state, (mid) => this.#underWay.has(mid)));
    return this.#host.state.editing !== editing;
  }

  /** They are another account's now. */
  leave(): void {
    this.#underWay.clear();
  }
}
