// Search Messages, Go to Next Unread and Filter Contacts: ways to find messages and contacts.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { findMessage, search } from "../../protocol/api/conversation.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { latestUnread, nameOf } from "../contacts/contact-queries.ts";
import { displayLanguage, t } from "../ui/l10n.ts";
import { wordsOf as markdownWords } from "../markdown/plain.ts";
import { readMessageQuery } from "./message-link.ts";
import { withoutIcons } from "../ui/plain-text.ts";
import type { Choice } from "../ui/prompter-port.ts";
import { contactArgument, targetOf, textOf } from "./command-arguments.ts";
import { showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";

const maxHits = 100;
const maxQuery = 200;

export const searchCommand = command({
  id: "chatRoom.search",
  title: "Search Messages",
  icon: "search",
  description: "Searches the messages on this machine.",
  arguments: { text: { type: "text", description: "What to search for." }, name: contactArgument },
  enablement: "chatRoom.readable",
  menus: {
    contactsTitle: { group: "navigation@4", when: "chatRoom.readable" },
    contact: { group: "1_talk@3", when: "viewItem =~ /^(person|everyone)\\./ && !listMultiSelection" },
  },
  keybinding: { key: "ctrl+k q", when: "chatRoom.readable" },
  run: runSearch,
});

/**
 * `chatRoom.search`: `{ text?, name? }`, or a row of Contacts: searches that conversation. The list follows what is typed;
 * choosing a hit opens its chat there. Returns whether one was chosen.
 */
export async function runSearch(app: AppContext, given?: unknown): Promise<boolean> {
  const within = conversationOf(app, given);
  const value = textOf(given, "text");
  let refused = false;
  const hit = await app.prompter.find<ChatMessage | undefined>({
    title:
      within === undefined
        ? t("Chat Room: Search Messages")
        : t("Chat Room: Search Messages with {0}", withoutIcons(within.name, 64)),
    placeholder: t("Words, or how they begin"),
    ...(value !== undefined && { value }),
    find: async (typed) => {
      const text = typed.trim().slice(0, maxQuery);
      if (text === "") return [];
      const hits = await hitsOf(app, text, within?.conversation);
      if ("code" in hits) {
        if (!refused) showError(app, hits);
        refused = true;
        return [];
      }
      if (hits.length === 0) return [{ label: t("No message has these words"), icon: "info", value: undefined }];
      return hits.map((message) => choiceOf(app, message));
    },
  });
  if (hit === undefined) return false;
  openAt(app, hit);
  return true;
}

/** Opens the message of a link. @param query decoded */
export async function openMessageLink(app: AppContext, query: string): Promise<void> {
  const named = readMessageQuery(query);
  // The link may have started this window.
  await app.store.told();
  const outcome = named
    ? await app.daemon.request(findMessage, named)
    : failure("bad_request", t("The link names no message. Ask for a new one."));
  if (outcome.ok) openAt(app, outcome.message);
  else showError(app, outcome);
}

function openAt(app: AppContext, { conversation, from, seq }: ChatMessage): void {
  const name = app.store.contact(conversation)?.name ?? (isEveryone(conversation) ? "" : from);
  app.openPanel(conversation, name, { seq });
}

/** Finds the newest hits, at least one if there is any: a search that takes long returns where to continue. */
async function hitsOf(
  app: AppContext,
  text: string,
  conversation: ConversationId | undefined,
): Promise<readonly ChatMessage[] | Failure> {
  const where = conversation === undefined ? {} : { conversation };
  for (let before: number | undefined; ;) {
    const from = before === undefined ? {} : { before };
    const outcome = await app.daemon.request(search, { text, limit: maxHits, ...where, ...from });
    if (!outcome.ok) return outcome;
    if (outcome.hits.length > 0 || outcome.next === undefined) return outcome.hits.map(({ message }) => message);
    before = outcome.next;
  }
}

export const nextUnreadCommand = command({
  id: "chatRoom.nextUnread",
  title: "Go to Next Unread",
  icon: "arrow-down",
  description: "Opens the chat with the newest unread message, at the first one.",
  enablement: "chatRoom.signedIn",
  menus: { contactsTitle: { group: "1_people@1", when: "chatRoom.signedIn" } },
  keybinding: { key: "ctrl+k j", when: "chatRoom.signedIn" },
  run: runNextUnread,
});

/**
 * `chatRoom.nextUnread`: no arguments. Opens the chat with the newest unread message, at its first one; returns whether
 * there was one.
 */
export function runNextUnread(app: AppContext): Promise<boolean> {
  const next = latestUnread(app.store.contacts);
  if (next === undefined) app.prompter.mention(`$(check) ${t("Everything is read")}`);
  else app.openPanel(next.conversation, next.name, { seq: "unread" });
  return Promise.resolve(next !== undefined);
}

export const filterContactsCommand = command({
  id: "chatRoom.filterContacts",
  title: "Filter Contacts",
  icon: "filter",
  description: "Narrows Contacts to names that contain a text.",
  arguments: { text: { type: "text", alone: true, description: "Part of a name." } },
  enablement: "chatRoom.signedIn",
  menus: { contactsTitle: { group: "navigation@3", when: "!chatRoom.filtered && chatRoom.state == connected" } },
  run: runFilterContacts,
});

/** `chatRoom.filterContacts`: the text, or asks and filters as one types; cancelling restores the previous filter. */
export async function runFilterContacts(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const text = typeof given === "string" ? given : textOf(given, "text");
  const { contactsFilter } = app;
  if (text !== undefined) {
    contactsFilter.set(text);
    return { ok: true };
  }
  const before = contactsFilter.get();
  const asked = await app.prompter.ask({
    title: t("Chat Room: Filter Contacts"),
    prompt: t("Part of a name; Enter keeps the filter, Escape takes it back"),
    value: before,
    changed: (value) => contactsFilter.set(value),
  });
  contactsFilter.set(typeof asked === "string" ? asked : before);
  return { ok: true };
}

export const clearFilterCommand = command({
  id: "chatRoom.clearFilter",
  title: "Clear Contacts Filter",
  icon: "clear-all",
  description: "Shows all contacts again.",
  enablement: "chatRoom.filtered",
  palette: "chatRoom.filtered",
  menus: { contactsTitle: { group: "navigation@3", when: "chatRoom.filtered" } },
  run: runClearFilter,
});

export function runClearFilter(app: AppContext): void {
  app.contactsFilter.set("");
}

function conversationOf(
  app: AppContext,
  given: unknown,
): { conversation: ChatMessage["conversation"]; name: string } | undefined {
  const target = targetOf(given);
  if (target === undefined) return undefined;
  const known =
    target.conversation === undefined ? app.store.contactNamed(target.name) : app.store.contact(target.conversation);
  return known === undefined ? undefined : { conversation: known.conversation, name: nameOf(known) };
}

/** The words are in the detail: VS Code would sort by a label that contains the query, but here the newest comes first. */
function choiceOf(app: AppContext, message: ChatMessage): Choice<ChatMessage> {
  const contact = app.store.contact(message.conversation);
  const where = contact === undefined ? message.from : nameOf(contact);
  const to = isEveryone(message.conversation) ? t("{0} to everyone", message.from) : where;
  return {
    label: withoutIcons(message.own ? t("you to {0}", where) : to, 80),
    description: new Date(message.sentAtMs).toLocaleString(displayLanguage(), {
      dateStyle: "medium",
      timeStyle: "short",
    }),
    detail: withoutIcons(wordsIn(message), 300),
    icon: message.own ? "arrow-right" : "comment",
    value: message,
  };
}

function wordsIn({ text }: ChatMessage): string {
  try {
    return markdownWords(text);
  } catch {
    return t("This message cannot be shown.");
  }
}
