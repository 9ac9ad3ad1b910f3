// The list of contacts: everyone, the names in the server's directory, blocked names, and every name with a history.

import type { ChatMessage } from "../../protocol/api/model.ts";
import { failure } from "../../protocol/errors.ts";
import type { UserKey } from "../../protocol/ids.ts";
import { lossReasons } from "../../protocol/text/sentences.ts";
import { checkName, keyOfName } from "../../protocol/names.ts";
import type { StepBuilder } from "./step-builder.ts";
import type { Command, PersonSeen } from "./inputs.ts";
import type { HistoryQueries, LoadedHistory } from "./ports.ts";
import { newContact } from "./state.ts";
import { conversationWith, everyone, isEveryone, personIn } from "../../protocol/conversations/conversation-id.ts";
import type { ContactState } from "./state.ts";
import { contactView, withNewest } from "./contact-views.ts";

/** Returns the contacts of a newly opened history; everyone is always among them. @param owner whose history it is */
export function loadedContacts(loaded: LoadedHistory, owner: UserKey, facts: HistoryQueries): ContactState[] {
  const contacts = new Map([[everyone, newContact(everyone, "")]]);
  for (const { conversation, name, last, lastSeq, lastArrival, ...known } of loaded.contacts) {
    const bare = { ...newContact(conversation, name), stored: true, ...known };
    const said = last ? { ...withNewest(bare, last), lastReaction: reactionTo(last, owner), lastArrival } : bare;
    const unheard = isUnknown(last) && !facts.hasOther(conversation, last.seq);
    contacts.set(conversation, { ...said, lastSeq, unheard });
  }
  return [...contacts.values()];
}

/** Whether the server refused the message because nobody has that name; an account that was removed later does not count. */
function isUnknown(message: ChatMessage | undefined): message is ChatMessage {
  const { code, reason } = message?.failure ?? {};
  return message?.state === "failed" && code === "no_such_user" && reason !== lossReasons.removed;
}

/** Updates whether the name is known, from the outcome of an own message to it. */
export function nameAnswered(step: StepBuilder, message: ChatMessage): void {
  const { conversation, seq } = message;
  const contact = step.contact(conversation);
  if (!contact || isEveryone(conversation)) return;
  const unknown = isUnknown(message);
  if (unknown) {
    const unheard = !step.context.history.hasOther(conversation, seq);
    step.put({ ...contact, unknown, unheard, listed: false, presence: "offline", presenceText: undefined });
  } else if (contact.unknown || contact.unheard) step.put({ ...contact, unknown: false, unheard: false });
}

/** Returns the latest reaction to the newest message, if that message is this person's own. */
function reactionTo({ own, seq, reactions = [] }: ChatMessage, owner: UserKey): ContactState["lastReaction"] {
  const given = reactions.flatMap(({ emoji, from }) => from.map((name) => ({ seq, emoji, from: name })));
  return own ? given.findLast((each) => keyOfName(each.from) !== owner) : undefined;
}

export function peopleSeen(step: StepBuilder, people: readonly PersonSeen[]): void {
  for (const person of people) {
    if (keyOfName(person.name) === step.me?.key || !step.me || !checkName(person.name).ok) continue;
    const conversation = conversationWith(person.name);
    const known = step.contact(conversation);
    const contact = known ?? newContact(conversation, person.name);
    const { name, state: presence, text: presenceText } = person;
    const same = contact.name === name && contact.presence === presence && contact.presenceText === presenceText;
    if (known && same && contact.listed) continue;
    step.put({ ...contact, name, presence, presenceText, listed: true, unknown: false });
  }
}

/** Sets contacts that the directory no longer lists to offline, and removes those that nothing else keeps. */
export function directoryRead(step: StepBuilder, listed: ReadonlySet<string>): void {
  for (const contact of [...step.contacts.values()]) {
    if (isEveryone(contact.conversation) || listed.has(contact.conversation)) continue;
    if (!contact.stored && !contact.blocked) step.remove(contact.conversation);
    else if (contact.listed || contact.presence !== "offline" || !contact.unknown) {
      step.put({ ...contact, listed: false, unknown: true, presence: "offline", presenceText: undefined });
    }
  }
}

/** Applies the server's block list, which is authoritative; the history keeps a copy for when there is no connection. */
export function blockList(step: StepBuilder, names: readonly string[]): void {
  const possible = names.filter((name) => checkName(name).ok);
  const blocked = new Map(possible.map((name) => [conversationWith(name), name]));
  for (const contact of [...step.contacts.values()]) {
    if (contact.blocked && !blocked.has(contact.conversation)) step.store({ ...contact, blocked: false });
  }
  for (const [conversation, name] of blocked) {
    const contact = step.contactOrNew(conversation, name);
    if (!contact.blocked) step.store({ ...contact, blocked: true });
  }
}

export function setBlocked(step: StepBuilder, command: Extract<Command, { kind: "blocked" }>): void {
  const contact = step.contactOrNew(conversationWith(command.name), command.name);
  if (contact.blocked !== command.blocked) step.store({ ...contact, blocked: command.blocked });
}

export function mute(step: StepBuilder, command: Extract<Command, { kind: "mute" }>): void {
  const contact = step.contact(command.conversation);
  if (!contact) {
    step.outcome = failure("bad_request", "There is no such conversation.");
    return;
  }
  if (contact.muted !== command.muted) step.store({ ...contact, muted: command.muted });
}

/** Creates the contact of that name if there is none yet; it is not stored until something happens in its conversation. */
export function ensureContact(step: StepBuilder, name: string): void {
  const checked = checkName(name);
  if (!checked.ok) {
    step.outcome = failure("bad_name", checked.reason);
    return;
  }
  const conversation = conversationWith(checked.name);
  const known = step.contact(conversation);
  const contact = known ?? newContact(conversation, checked.name);
  if (!known) step.put(contact);
  step.outcome = { ok: true, contact: contactView(step, contact) };
}

/** Sets every presence to offline, because none is known without a connection. */
export function forgetPresence(step: StepBuilder): void {
  for (const contact of [...step.contacts.values()]) {
    if (contact.presence === "offline" || personIn(contact.conversation) === undefined) continue;
    step.put({ ...contact, presence: "offline", presenceText: undefined });
  }
}
