// What every command works with, and what several of them do alike: finding the person that is meant, and saying why
// something was refused.

import { conversationWith, everyone, isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { accountSwitched } from "../../protocol/api/declare.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import { sameAccount } from "../../protocol/api/model.ts";
import type { Contact } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { findContact } from "../../protocol/api/session.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { MessageAction } from "../../protocol/page/page-messages.ts";
import { checkName } from "../../protocol/names.ts";
import type { Credentials } from "../account/credentials.ts";
import type { Attachment } from "../chat/attachment-block.ts";
import { iconOf } from "../contacts/icons.ts";
import { everyoneName, nameOf } from "../contacts/contact-queries.ts";
import { contactRow } from "../contacts/contact-row.ts";
import type { Daemon } from "../daemon-client/port.ts";
import type { ConsentRequestStore } from "../daemon-client/consent-requests.ts";
import { reasonWords, t } from "../ui/l10n.ts";
import { forNotification, withoutIcons } from "../ui/plain-text.ts";
import type { Prompter } from "../ui/prompter-port.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import type { Settings } from "../settings/definitions.ts";
import { targetOf } from "./command-arguments.ts";
import type { Target } from "./command-arguments.ts";

export interface AppContext {
  readonly daemon: Daemon;
  readonly store: SessionStore;
  readonly credentials: Credentials;
  readonly prompter: Prompter;
  readonly settings: () => Settings;
  /** Those who wait for the person's word on talking directly. */
  readonly questions: ConsentRequestStore;
  /** What the Contacts tree is narrowed to. */
  readonly contactsFilter: { readonly get: () => string; readonly set: (text: string) => void };
  /** @param at the message to show, by its position, or the first unread; what to put into the composer */
  readonly openPanel: (id: ConversationId, name: string, at?: PanelPlace) => void;
  /** What the menu of a message has, in the chat where it was opened. */
  readonly chooseInPanel: (id: ConversationId, action: MessageAction, seq: number) => void;
  /** Of the text editor that has the focus. */
  readonly selection: () => Attachment;
  readonly showLog: () => void;
  readonly copy: (text: string) => Promise<void>;
  readonly about: () => About;
}

export interface PanelPlace {
  readonly seq?: number | "unread";
  readonly insert?: string;
}

/** Of this window, for a report. */
export interface About {
  readonly editor: string;
  readonly extension: string;
  /** Orders the builds of this program; 0 where it runs from source. */
  readonly build: number;
  readonly platform: string;
  /** `wsl`, `ssh-remote` and the like; absent in a local window. */
  readonly remote?: string;
}

/** The person gave up half-way. Not shown. */
export const cancelled: Failure = failure("denied", "Cancelled.");

/** Says in a notification why something did not work, with at most one thing to do about it. Does not wait for it. */
export function showError(app: AppContext, refused: Failure, remedy?: { label: string; run: () => unknown }): void {
  if (refused === cancelled) return;
  const buttons = remedy === undefined ? [] : [remedy.label];
  // A no of somebody else is no fault.
  const tone = refused.code === "denied" ? "info" : "error";
  void app.prompter.tell(tone, forNotification(refused.reason, 600), ...buttons).then((pressed) => {
    if (pressed !== undefined) remedy?.run();
  });
}

/** What is meant or written for one account is not done as another, which may have been switched to meanwhile. */
export const wrongAccount = (): Failure => ({ ...accountSwitched, reason: reasonWords(accountSwitched.reason) });

/** Tells whether nobody else is signed in than when this was called. */
export function watchAccount({ store }: AppContext): () => boolean {
  const before = store.account;
  return () => before === undefined || store.account === undefined || sameAccount(before, store.account);
}

/** Refuses a text that was written for another account; the person can have it back. */
export function offerCopy(app: AppContext, text: string): Failure {
  const refused = wrongAccount();
  showError(app, refused, { label: t("Copy"), run: () => app.copy(text) });
  return refused;
}

export interface PersonQuestion {
  readonly title: string;
  readonly placeholder: string;
  readonly everyone?: boolean;
  readonly suits?: (contact: Contact) => boolean;
}

/** The conversation that `given` means, or that the person chooses; a name is looked up by the daemon. */
export async function conversationFor(
  app: AppContext,
  given: unknown,
  question: PersonQuestion,
): Promise<Outcome<{ conversation: ConversationId; name: string }>> {
  const target = targetOf(given) ?? (await chooseTarget(app, question));
  if (target === undefined) return cancelled;
  if (target.conversation !== undefined) return { ok: true, conversation: target.conversation, name: target.name };
  const known = app.store.contactNamed(target.name);
  if (known !== undefined) return { ok: true, conversation: known.conversation, name: known.name };
  if (question.everyone === true && target.name.toLowerCase() === everyone) {
    return { ok: true, conversation: everyone, name: "" };
  }
  const outcome = await app.daemon.request(findContact, { user: target.name });
  if (!outcome.ok) return outcome;
  return { ok: true, conversation: outcome.contact.conversation, name: outcome.contact.name };
}

/** The name that `given` means, or that the person chooses; not looked up. */
export async function nameFor(app: AppContext, given: unknown, question: PersonQuestion): Promise<string | undefined> {
  return (targetOf(given) ?? (await chooseTarget(app, question)))?.name;
}

function chooseTarget(app: AppContext, question: PersonQuestion): Promise<Target | undefined> {
  const suits = question.suits ?? (() => true);
  const contacts = app.store.contacts
    .filter((each) => suits(each) && (question.everyone === true || !isEveryone(each.conversation)))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return app.prompter.choose<Target>({
    title: question.title,
    placeholder: question.placeholder,
    choices: contacts.map((contact) => ({
      label: withoutIcons(nameOf(contact), 64),
      description: withoutIcons(contactRow(contact).description),
      icon: iconOf(contact).id,
      value: { conversation: contact.conversation, name: contact.name },
    })),
    typed: (text) => {
      const checked = checkName(text);
      const known = checked.ok && contacts.some((each) => each.conversation === conversationWith(checked.key));
      if (!checked.ok || known || text.toLowerCase() === everyoneName().toLowerCase()) return undefined;
      return {
        label: withoutIcons(checked.name, 64),
        description: t("by name"),
        icon: "person",
        value: { name: text },
      };
    },
  });
}

function rank(contact: Contact): number {
  if (isEveryone(contact.conversation)) return 0;
  if (contact.blocked) return 3;
  return contact.presence === "offline" ? 2 : 1;
}
