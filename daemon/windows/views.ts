// The editor sessions that are open now, and what goes to all of them or to one. A view that does not read what it is
// sent is cut off; it comes back and asks for a snapshot.

import type { EditorNotification } from "../../protocol/api/declare.ts";
import { notice } from "../../protocol/api/notifications.ts";

/** One view's end. */
export interface View {
  readonly id: number;
  notify(method: string, params: object): void;
  /** Ends the session. Idempotent. */
  dispose(): void;
}

const maxNotices = 20;

export class Views {
  readonly #views = new Map<number, View>();
  /** Those that show things to a person. */
  readonly #drawing = new Set<number>();
  readonly #untold: string[] = [];

  get count(): number {
    return this.#views.size;
  }

  add(view: View): void {
    this.#views.set(view.id, view);
  }

  remove(view: View): void {
    this.#views.delete(view.id);
    this.#drawing.delete(view.id);
  }

  /** @param except the view that knows it already */
  broadcast<Params extends object>(declared: EditorNotification<Params>, params: Params, except?: number): void {
    for (const view of this.#views.values()) if (view.id !== except) view.notify(declared.method, params);
  }

  /** What each view is told is its own. */
  broadcastEach<Params extends object>(declared: EditorNotification<Params>, paramsOf: (view: number) => Params): void {
    for (const view of this.#views.values()) view.notify(declared.method, paramsOf(view.id));
  }

  to<Params extends object>(id: number, declared: EditorNotification<Params>, params: Params): void {
    this.#views.get(id)?.notify(declared.method, params);
  }

  /** Said to every view now; where none of them shows things to a person, kept for the first one that will. */
  announce(text: string): void {
    this.broadcast(notice, { text });
    if (this.#drawing.size === 0 && this.#untold.length < maxNotices) this.#untold.push(text);
  }

  /** That view shows things to a person: it says what nobody was there to hear. */
  draws(id: number): void {
    this.#drawing.add(id);
    for (const text of this.#untold.splice(0)) this.to(id, notice, { text });
  }

  dispose(): void {
    for (const view of this.#views.values()) view.dispose();
  }
}
