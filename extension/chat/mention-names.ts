// Whose names there are in one panel. It is not told all of them, which may be thousands: only those that are written behind
// an `@` in its messages, and, while somebody writes, those that begin with what is typed. No vscode.

import { arrivalOf } from "../../protocol/api/model.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import { keysWrittenIn } from "../../protocol/text/mentions.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";

/** As many are offered behind an `@`. */
const maxOffered = 8;
/** Written ones, known or not. */
const maxWritten = 20_000;

export class MentionNames {
  readonly #store: SessionStore;
  readonly #written = new Set<string>();

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /** The panel is given these. */
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

  /** Those whose name begins so, whoever wrote or was written to last on top. */
  offer(typed: string): ToPanel {
    const prefix = keyOfName(typed);
    const fitting = this.#store.contacts.filter(({ name }) => name !== "" && keyOfName(name).startsWith(prefix));
    fitting.sort((a, b) => arrivalOf(b) - arrivalOf(a) || (keyOfName(a.name) < keyOfName(b.name) ? -1 : 1));
    return { kind: "offered", typed, names: fitting.slice(0, maxOffered).map(({ name }) => name) };
  }

  /** What was shown is another account's. */
  forget(): void {
    this.#written.clear();
  }
}
