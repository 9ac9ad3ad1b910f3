// The names that a panel is told. There may be thousands of contacts, so it is told only the names that are written after an
// `@` in its messages and, while somebody writes, those that begin with what is typed. No vscode.

import { arrivalOf } from "../../protocol/api/model.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import { keysWrittenIn } from "../../protocol/text/mentions.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";

/** The most names that are offered after an `@`. */
const maxOffered = 8;
/** The most names in messages, known or not. */
const maxWritten = 20_000;

export class MentionNames {
  readonly #store: SessionStore;
  readonly #written = new Set<string>();

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /** Takes the names out of messages that the panel is given. */
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

  /** The names that begin so, the most recent conversation first. */
  offer(typed: string): ToPanel {
    const prefix = keyOfName(typed);
    const fitting = this.#store.contacts.filter(({ name }) => name !== "" && keyOfName(name).startsWith(prefix));
    fitting.sort((a, b) => arrivalOf(b) - arrivalOf(a) || (keyOfName(a.name) < keyOfName(b.name) ? -1 : 1));
    return { kind: "offered", typed, names: fitting.slice(0, maxOffered).map(({ name }) => name) };
  }

  /** Forgets the names: another account is signed in. */
  forget(): void {
    this.#written.clear();
  }
}
