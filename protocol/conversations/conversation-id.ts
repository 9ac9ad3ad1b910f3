// The id of a conversation. This is the only module that knows the kinds of conversation by their ids: a new kind gets its
// prefix and its row in `match`, and nothing else has to know about it.

import type { UserKey } from "../ids.ts";
import { keyOfName } from "../names.ts";
import { branded, string } from "../validate.ts";

/** The id: `everyone`, or `user:` and the key of the other person's name. */
export type ConversationId = "everyone" | `user:${string}`;

/** The conversation of broadcasts. */
export const everyone: ConversationId = "everyone";

const personPrefix = "user:";

/** An id of any kind, even one that only a newer program knows: see `isKnownConversation`. */
export const conversationField = branded<ConversationId>(string({ min: 1, max: 300 }));

/** @param name the other person's, in any spelling */
export function conversationWith(name: string): ConversationId {
  return `${personPrefix}${keyOfName(name)}`;
}

/** Calls the function for the kind of `id`. An id of an unknown kind counts as a person who is in no contact list. */
export function match<T>(
  id: ConversationId,
  kinds: { readonly everyone: () => T; readonly person: (key: UserKey) => T },
): T {
  return isEveryone(id) ? kinds.everyone() : kinds.person(personIn(id) ?? ("" as UserKey));
}

export function isEveryone(id: string): id is "everyone" {
  return id === everyone;
}

/** @returns the key of the other person; undefined for everyone and for an id of an unknown kind */
export function personIn(id: string): UserKey | undefined {
  return id.startsWith(personPrefix) ? (id.slice(personPrefix.length) as UserKey) : undefined;
}

/** Whether `id` is of a kind that this program knows. */
export function isKnownConversation(id: string): id is ConversationId {
  return isEveryone(id) || (personIn(id) ?? "") !== "";
}

/** Returns the name in the id itself: the key of a person's name, empty for everyone, otherwise the id. */
export function nameInId(id: ConversationId): string {
  return match(id, { everyone: () => "", person: (key) => key });
}
