// The editor sessions that are open now, and sending to all of them or to one. A view that does not read is disconnected;
// it reconnects and asks for a snapshot.

import type { EditorNotification } from "../../protocol/api/declare.ts";
import { notice } from "../../protocol/api/notifications.ts";

/** The daemon's end of one view. */
export interface View {
  readonly id: number;
  notify(method: string, params: object): void;
  /** Ends the session. Idempotent. */
  dispose(): void;
}

const maxNotices = 20;

export class Views {
  readonly #views = new Map<number, View>();
  /** Views that show things to a person. */
  readonly #drawing = new Set<number>();
  readonly #pendingNotices: string[] = [];

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

  /** @param except the view that already knows */
  broadcast<Params extends object>(declared: EditorNotification<Params>, params: Params, except?: number): void {
    for (const view of this.#views.values()) if (view.id !== except) view.notify(declared.method, params);
  }

  /** Sends each view its own parameters. */
  broadcastEach<Params extends object>(declared: EditorNotification<Params>, paramsOf: (view: number) => Params): void {
    for (const view of this.#views.values()) view.notify(declared.method, paramsOf(view.id));
  }

  to<Params extends object>(id: number, declared: EditorNotification<Params>, params: Params): void {
    this.#views.get(id)?.notify(declared.method, params);
  }

  /** Sends a notice to every view. If none of them shows things to a person, it is kept for the first one that does. */
  announce(text: string): void {
    this.broadcast(notice, { text });
    if (this.#drawing.size === 0 && this.#pendingNotices.length < maxNotices) this.#pendingNotices.push(text);
  }

  /** Called when that view shows things to a person: it gets the pending notices. */
  draws(id: number): void {
    this.#drawing.add(id);
    for (const text of this.#pendingNotices.splice(0)) this.to(id, notice, { text });
  }

  dispose(): void {
    for (const view of this.#views.values()) view.dispose();
  }
}
