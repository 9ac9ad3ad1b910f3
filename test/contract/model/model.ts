// What a server has to remember, as small as it can be said: accounts, their one session, blocks, mailboxes and presence.
// Names are short here; on the wire each run gives them a prefix of its own.

export const names = ["ann", "bob", "cid"] as const;
export type Name = (typeof names)[number];
export const devices = ["desk", "lap"] as const;
export type Device = (typeof devices)[number];
export type Presence = "available" | "away" | "dnd";

/** What a client does with pushes: acknowledges (`acks: true`), answers all the same, or reads and never says so [P-5.5]. */
export const manners = ["acks", "answers", "silent"] as const;
export type Manner = (typeof manners)[number];

/** How one signs in. */
export interface How {
  readonly device: Device;
  readonly manner: Manner;
  /** Names a port. Only with `acks`: the ports of others are called. */
  readonly listens: boolean;
}

export interface ModelSession extends How {
  state: Presence;
  /** Its link is open; without one the session lives on for 60 s [P-3.6]. */
  linked: boolean;
  /** What a silent client was sent on its link: it comes again if the link ends within 10 s. */
  unsettled: ModelMessage[];
}

export interface ModelMessage {
  readonly from: Name;
  readonly text: string;
  readonly mid: string;
}

/** As the server has it [P-6.12]. */
const askBackMs = 10_000;

export class Model {
  readonly accounts = new Set<Name>();
  readonly sessions = new Map<Name, ModelSession>();
  /** `owner target`. */
  readonly blocks = new Set<string>();
  readonly mailboxes = new Map<Name, ModelMessage[]>(names.map((name) => [name, []]));
  /** Their mailbox was handed out a moment ago: what comes now may take that way too, at once. */
  readonly draining = new Set<Name>();
  /** The last message of each sender to a person, for sending it again. */
  readonly last = new Map<Name, { readonly to: Name; readonly message: ModelMessage; readonly delivery: string }>();
  /** Signed in at least once, and not logged out since: there is a token. */
  readonly tokens = new Set<Name>();
  /** `target asker`: that person's no still holds [P-6.12]; a run is shorter than that. */
  readonly denials = new Set<string>();
  /** `target asker`: when that person last agreed, on the monotonic clock. */
  readonly #agreedMs = new Map<string, number>();
  #written = 0;

  isLinked(name: Name): boolean {
    return this.sessions.get(name)?.linked === true;
  }

  blocked(owner: Name, target: Name): boolean {
    return this.blocks.has(`${owner} ${target}`);
  }

  /** The link of that session is gone. */
  linkLost(name: Name): void {
    const session = this.sessions.get(name);
    if (!session) return;
    session.linked = false;
    this.mailboxes.get(name)?.unshift(...session.unsettled);
    session.unsettled = [];
  }

  /** Was sent to that client on its link. */
  handed(name: Name, message: ModelMessage): void {
    const session = this.sessions.get(name);
    if (session?.manner === "silent") session.unsettled.push(message);
  }

  /** Somebody who is asked for their address answers [P-6.12]. */
  answered(target: Name, asker: Name, agrees: boolean): void {
    if (agrees) {
      this.denials.delete(`${target} ${asker}`);
      this.#agreedMs.set(`${target} ${asker}`, performance.now());
      return;
    }
    // The asker has just agreed to a question of the target: their client asks back, and no person said no to that.
    const agreedMs = this.#agreedMs.get(`${asker} ${target}`) ?? -Infinity;
    if (performance.now() - agreedMs < askBackMs) this.#agreedMs.delete(`${asker} ${target}`);
    else this.denials.add(`${target} ${asker}`);
  }

  write(from: Name): ModelMessage {
    this.#written += 1;
    return { from, text: `${from} ${this.#written}`, mid: `m${this.#written}` };
  }

  /** Those who have a session and do not block `asker`. */
  visibleTo(asker: Name): Name[] {
    return [...this.sessions.keys()].filter((name) => !this.blocked(name, asker));
  }
}
