// Edits of own messages: started from a message, written in place of the draft, and marked on the message. A refused edit
// comes back as an edit as soon as no other one is being written. So does one with an unknown outcome, unless the history
// has it.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ToPanel } from "../../../protocol/page/page-messages.ts";
import type { PanelState } from "../../../protocol/page/panel-state.ts";
import type { Strip } from "../composer.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { texts } from "../texts.ts";
import { isOwnAndSent } from "./kind.ts";
import type { PageKind } from "./kind.ts";

export const edit: PageKind = {
  actions: {
    edit: {
      icon: "edit",
      label: texts.edit,
      applies: isOwnAndSent,
      run: (message, page) => page.edit(message),
    },
  },
  mark: ({ edited, deleted }) => (edited === true && deleted !== true ? texts.edited : undefined),
};

export function editStrip({ editing }: PanelState): Strip | undefined {
  return editing && { icon: "edit", words: texts.editing, saves: true };
}

type Edit = NonNullable<PanelState["editing"]>;
type Edits = Pick<PanelState, "editing" | "saving">;
/** A change of a state; undefined removes the field. */
type Changed<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Marks the edit as being sent; an older one of the same message is dropped. */
export function saving(state: Edits, change: Edit): Changed<Edits> {
  return { editing: undefined, saving: [...othersThan(state, change.mid), change] };
}

/** Removes an edit that the daemon has stored. */
export function saved(state: Edits, mid: string): Changed<Edits> {
  return { saving: othersThan(state, mid) };
}

/** Continues an edit that is neither being sent nor stored, as soon as no other edit is being written. */
export function unsaved(state: Edits, isInFlight: (mid: string) => boolean): Changed<Edits> {
  const back = state.editing === undefined ? state.saving?.find(({ mid }) => !isInFlight(mid)) : undefined;
  return back === undefined ? {} : { ...saved(state, back.mid), editing: back };
}

function othersThan({ saving = [] }: Edits, mid: string): Edit[] {
  return saving.filter((each) => each.mid !== mid);
}

export class PendingEdits {
  readonly #host: ExtensionHost;
  /** The messages for whose edits the host will report the outcome. */
  readonly #inFlight = new Set<string>();

  constructor(host: ExtensionHost) {
    this.#host = host;
  }

  /** @param stored the message's text as stored */
  save(change: Edit, stored: string | undefined): void {
    const { account } = this.#host.state;
    if (account === undefined) return;
    if (stored === change.text) this.#host.setState({ editing: undefined });
    else {
      this.#host.setState(saving(this.#host.state, change));
      this.#inFlight.add(change.mid);
      this.#host.post({ kind: "edit", account, ...change });
    }
    this.takeBack();
  }

  /** Returns false if the edit is another account's. It may have come back before its outcome was known. */
  settle({ account, mid, text, refused }: Extract<ToPanel, { kind: "edited" }>): boolean {
    const { state } = this.#host;
    if (account !== state.account) return false;
    this.#inFlight.delete(mid);
    const isBack = state.editing?.mid === mid && state.editing.text === text;
    if (refused === undefined) this.#host.setState({ ...saved(state, mid), ...(isBack && { editing: undefined }) });
    else if (state.editing?.mid !== mid) {
      this.#host.setState({ saving: saving(state, { mid, text }).saving });
      this.takeBack();
    }
    return true;
  }

  /** Compares with the history, which has every stored edit. Returns true if an edit comes back. */
  compare(messages: readonly ChatMessage[]): boolean {
    for (const { mid, text } of this.#host.state.saving ?? []) {
      const isStored = messages.some((each) => each.mid === mid && each.text === text);
      if (isStored) this.#host.setState(saved(this.#host.state, mid));
    }
    return this.takeBack();
  }

  takeBack(): boolean {
    const { editing } = this.#host.state;
    this.#host.setState(unsaved(this.#host.state, (mid) => this.#inFlight.has(mid)));
    return this.#host.state.editing !== editing;
  }

  /** To be called if another account is signed in. */
  leave(): void {
    this.#inFlight.clear();
  }
}
