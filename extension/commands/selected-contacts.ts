// Several selected rows of Contacts: VS Code passes a menu command the row on which the menu was opened, and then all
// selected rows.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { targetOf } from "./command-arguments.ts";
import type { Target } from "./command-arguments.ts";
import { cancelled } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";

/** A row of Contacts, with its conversation. */
export type Row = Required<Target>;
type RunOne = (app: AppContext, given?: unknown) => Promise<unknown>;
type MayRun = (app: AppContext, names: readonly string[]) => Promise<boolean>;
type RunSelected = (app: AppContext, given?: unknown, selected?: unknown) => Promise<unknown>;

/** Runs a command about one conversation for each selected one. */
export function forEachSelected(run: RunOne): RunSelected {
  return forEach(run, targetsOf);
}

/**
 * Runs a command about one person for each selected one.
 * @param mayRun asks once for all of them if there are several
 */
export function forEachPerson(run: RunOne, mayRun?: MayRun): RunSelected {
  return forEach(run, peopleOf, mayRun);
}

function forEach(run: RunOne, chosenOf: (selected: unknown) => Row[], mayRun?: MayRun): RunSelected {
  return async (app, given, selected) => {
    const targets = chosenOf(selected);
    if (targets.length < 2) return run(app, given);
    const names = targets.map(({ name }) => name);
    if (mayRun && !(await mayRun(app, names))) return [cancelled];
    const outcomes: unknown[] = [];
    for (const target of targets) outcomes.push(await run(app, target));
    return outcomes;
  };
}

/** Returns the people of a selection, and everyone, without sections and problems. */
function targetsOf(selected: unknown): Row[] {
  if (!Array.isArray(selected)) return [];
  return selected.map(targetOf).filter((each): each is Row => each?.conversation !== undefined);
}

/** Excludes Everyone, which is not a person. */
export function peopleOf(selected: unknown): Row[] {
  return targetsOf(selected).filter((each) => !isEveryone(each.conversation));
}
