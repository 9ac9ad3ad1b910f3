// What a server has to remember, as small as it can be said: accounts, their one session, blocks, mailboxes and presence.
// Names are short here; on the wire each run gives them a prefix of its own.

export const names = ["ann", "bob", "cid"] as const;
export type Name = (typeof names)[number];
export const devices = ["desk", "lap"] as const;
export type Device = (typeof devices)[number];
export type Presence = "available" | "away" | "dnd";

export interface ModelSession {
  readonly device: Device;
  readonly acks: boolean;
  state: Presence;
  /** Its link is open; without one the session lives on for 60 s [P-3.6]. */
  linked: boolean;
}

export interface ModelMessage {
  readonly from: Name;
  readonly text: string;
  readonly mid: string;
}

export class Model {
  readonly accounts = new Set<Name>();
  readonly sessions = new Map<Name, ModelSession>();
  /** `owner target`. */
  readonly blocks = new Set<string>();
  readonly mailboxes = new Map<Name, ModelMessage[]>(names.map((name) => [name, []]));
  /** The last message of each sender to a person, for sending it again. */
  readonly last = new Map<Name, { readonly to: Name; readonly message: ModelMessage; readonly delivery: string }>();
  /** Signed in at least once, and not logged out since: there is a token. */
  readonly tokens = new Set<Name>();
  #written = 0;

  isLinked(name: Name): boolean {
    return this.sessions.get(name)?.linked === true;
  }

  blocked(owner: Name, target: Name): boolean {
    return this.blocks.has(`${owner} ${target}`);
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
