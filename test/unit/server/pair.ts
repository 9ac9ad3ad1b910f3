// Alice, who is online, and bob, who has an account and signs in as a test wants.

import { MemoryWorld } from "./memory-world.ts";
import type { MemoryLink } from "./memory-world.ts";

export interface Pair {
  readonly world: MemoryWorld;
  readonly alice: MemoryLink;
  /** Signs bob in on a new link, always from the same device. */
  readonly bobWith: (added: object) => Promise<MemoryLink>;
  /** The messages that wait for bob. */
  readonly waiting: () => string[];
}

export async function makePair(): Promise<Pair> {
  const world = new MemoryWorld();
  const alice = await world.join("alice");
  await world.join("bob");
  return {
    world,
    alice,
    bobWith: (added) => world.signIn("bob", { device: "laptop", ...added }),
    waiting: () => world.mailbox.texts(Array.from(world.directory.list("bob", ""))[0]?.id ?? 0),
  };
}

/** A message whose id is its text. */
export const message = (to: string, msg: string, added: object = {}): object => ({
  ...{ type: "message", to, msg, id: msg },
  ...added,
});

export function say(link: MemoryLink, to: string, ...texts: string[]): void {
  for (const text of texts) link.request(message(to, text));
}
