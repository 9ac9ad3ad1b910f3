// The names that a panel gets. There may be thousands of contacts, so it gets only the names written after an `@` in its
// messages and, while somebody writes, those with the typed prefix. No vscode.

import { arrivalOf } from "../../protocol/api/model.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import { keysWrittenIn } from "../../protocol/text/mentions.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";

/** The most names that are offered after an `@`. */
const maxOffered = 8;
/** The most names remembered from messages, known or not. */
const maxWritten = 20_000;

export class MentionNames {
  readonly #store: SessionStore;
  readonly #written = new Set<string>();

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /** Collects the names in messages that the panel gets. */
  meet(messages: readonly ChatMessage[]): void {
    for (const { text } of messages) {
      for (const key of keysWrittenIn(text)) {
        if (this.#written.size >= maxWritten) return;
        this.#written.add(key);
      }
    }
  }

  names(): ToPanel {
    const own = this.#store.account?.user;
    const others = Array.from(this.#written, (key) => this.#store.contactNamed(key)?.name ?? "");
    return { kind: "names", ...(own !== undefined && { own }), others: others.filter((name) => name !== "") };
  }

  /** Returns the names with this prefix, the most recent conversation first. */
  offer(typed: string): ToPanel {
    const prefix = keyOfName(typed);
    const fitting = this.#store.contacts.filter(({ name }) => name !== "" && keyOfName(name).startsWith(prefix));
    fitting.sort((a, b) => arrivalOf(b) - arrivalOf(a) || (keyOfName(a.name) < keyOfName(b.name) ? -1 : 1));
    return { kind: "offered", typed, names: fitting.slice(0, maxOffered).map(({ name }) => name) };
  }

  /** Forgets the names, because another account is signed in. */
  forget(): void {
    this.#written.clear();
  }
}
