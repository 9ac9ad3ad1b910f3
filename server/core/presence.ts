// Who is told how a person is [P-4.13, P-6.2, P-6.5]: those who asked for it in `auth`, and never those whom that person
// blocks.

import { encodeFrame } from "../../protocol/frame.ts";
import type { Blocks } from "./ports.ts";
import { outletOf } from "./session.ts";
import type { Session } from "./session.ts";

export interface PresenceWorld {
  readonly blocks: Pick<Blocks, "has">;
  sessions(): Iterable<Session>;
  nextPushId(): number;
}

export class Presence {
  readonly #world: PresenceWorld;

  constructor(world: PresenceWorld) {
    this.#world = world;
  }

  /** It is there, or says something else about being there. */
  changed(session: Session): void {
    this.#tellAll(session, how(session));
  }

  /** It ended. */
  left(session: Session): void {
    this.#tellAll(session, gone(session));
  }

  /** `watcher` sees `session` no more, or again: a block was made or taken back. */
  show(watcher: Session, session: Session, visible: boolean): void {
    if (watcher.grant.presence) this.#tell(watcher, this.#push(visible ? how(session) : gone(session)));
  }

  #tellAll(about: Session, fields: object): void {
    // Encoded once for all.
    const push = this.#push(fields);
    for (const session of this.#world.sessions()) {
      if (!session.grant.presence || session.account.id === about.account.id) continue;
      if (!this.#world.blocks.has(about.account.id, session.account.id)) this.#tell(session, push);
    }
  }

  #push(fields: object): Push {
    const id = this.#world.nextPushId();
    return { id, line: encodeFrame({ ...fields, id }) };
  }

  #tell(watcher: Session, { id, line }: Push): void {
    outletOf(watcher)?.push(id, line);
  }
}

interface Push {
  readonly id: number;
  readonly line: string;
}

function how({ account, state, text }: Session): object {
  return { type: "presence", from: account.name, state, text };
}

function gone({ account }: Session): object {
  return { type: "offline", from: account.name };
}
