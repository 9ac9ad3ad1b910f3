// The shape of a command: what it needs of the model, what it does to both sides, and how a failing run names it.

import type { AsyncCommand } from "fast-check";
import type { Model } from "./model.ts";
import type { People } from "./people.ts";

export type ChatCommand = AsyncCommand<Model, People, true>;

/** @param name as it stands in the reproduction of a failing run */
export function command(
  name: string,
  check: (model: Readonly<Model>) => boolean,
  run: (model: Model, people: People) => Promise<void>,
): ChatCommand {
  return { check: (model) => Promise.resolve(check(model)), run, toString: () => name };
}
