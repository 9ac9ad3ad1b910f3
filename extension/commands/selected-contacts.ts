// Several rows of Contacts at once: VS Code gives a menu command the row it was opened on and then all that are selected.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import { failure } from "../../protocol/errors.ts";
import { nameOf } from "../contacts/contact-queries.ts";
import { t } from "../ui/l10n.ts";
import { forNotification, withoutIcons } from "../ui/plain-text.ts";
import { askInTurn } from "../ui/prompter-port.ts";
import { newMessageId, storeMessage } from "../chat/kinds/text.ts";
import { targetOf } from "./command-arguments.ts";
import type { Target } from "./command-arguments.ts";
import { cancelled, showError, offerCopy, watchAccount } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { runSendMessage } from "./messages.ts";

const maxNamed = 8;

/** A row of Contacts says which conversation it is. */
type Row = Required<Target>;
type RunOne = (app: AppContext, given?: unknown) => Promise<unknown>;
type MayRun = (app: AppContext, names: readonly string[]) => Promise<boolean>;
type RunSelected = (app: AppContext, given?: unknown, selected?: unknown) => Promise<unknown>;

/** A command about one conversation, for each of those that are selected. */
export function forEachSelected(run: RunOne): RunSelected {
  return forEach(run, targetsOf);
}

/**
 * A command about one person, for each of those that are selected.
 * @param mayRun asks once for all of them, where there are several
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

/** `chatRoom.sendMessage`, from the keyboard, code, or one or several rows. */
export async function runSendToSelected(app: AppContext, to?: unknown, given?: unknown): Promise<unknown> {
  const people = peopleOf(given);
  return people.length < 2 ? runSendMessage(app, to, given) : sendToSeveral(app, people);
}

/** One text, one message each; what was refused for somebody is said together, and the text can be had back. */
async function sendToSeveral(app: AppContext, people: readonly Row[]): Promise<Outcome<{ sent: number }>> {
  const names = people.map((each) => shownName(app, each));
  const listed = names.length <= maxNamed ? names.join(", ") : t("{0} people", names.length);
  const isSameAccount = watchAccount(app);
  const asked = await askInTurn(app.prompter, [
    {
      title: t("Chat Room: Send Message to {0} People", people.length),
      prompt: t("Message {0}, each by themselves", listed),
      validate: (text) => (text.trim() === "" ? t("Write something first.") : undefined),
    },
  ]);
  const text = asked?.[0];
  if (text === undefined) return cancelled;
  if (!isSameAccount()) return offerCopy(app, text);
  const refusals: { name: string; reason: string }[] = [];
  for (const [at, { conversation }] of people.entries()) {
    const outcome = await storeMessage(app, { conversation, text, mid: newMessageId() }, isSameAccount);
    if (!outcome.ok) refusals.push({ name: names[at] ?? "", reason: outcome.reason });
  }
  const sent = people.length - refusals.length;
  if (sent > 0) app.prompter.mention(`$(check) ${t("Sent to {0} people", sent)}`);
  const [first] = refusals;
  if (first !== undefined) {
    const who = withoutIcons(refusals.map((each) => each.name).join(", "), 200);
    const refused = failure("internal", t("Not sent to {0}: {1}", who, first.reason));
    showError(app, refused, { label: t("Copy"), run: () => app.copy(text) });
  }
  return { ok: true, sent };
}

function shownName(app: AppContext, { conversation, name }: Row): string {
  const contact = app.store.contact(conversation);
  return forNotification(contact === undefined ? name : nameOf(contact), 64);
}

/** Whoever of a selection is a person or everyone; sections and problems are left out. */
function targetsOf(selected: unknown): Row[] {
  if (!Array.isArray(selected)) return [];
  return selected.map(targetOf).filter((each): each is Row => each?.conversation !== undefined);
}

/** Everyone is no person. */
function peopleOf(selected: unknown): Row[] {
  return targetsOf(selected).filter((each) => !isEveryone(each.conversation));
}
