// What every command works with, and what several commands share: finding the person that is meant, and reporting why
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
  /** The requests for a direct link that wait for the person's answer. */
  readonly questions: ConsentRequestStore;
  /** The filter of the Contacts tree. */
  readonly contactsFilter: { readonly get: () => string; readonly set: (text: string) => void };
  /** @param at the message to show, by position, or the first unread one; and a text for the composer */
  readonly openPanel: (id: ConversationId, name: string, at?: PanelPlace) => void;
  /** Runs an action of a message's menu in the chat in which the menu was opened. */
  readonly chooseInPanel: (id: ConversationId, action: MessageAction, seq: number) => void;
  /** Returns the selection of the focused text editor. */
  readonly selection: () => Attachment;
  readonly showLog: () => void;
  readonly copy: (text: string) => Promise<void>;
  readonly about: () => About;
}

export interface PanelPlace {
  readonly seq?: number | "unread";
  readonly insert?: string;
}

/** This window, described for a report. */
export interface About {
  readonly editor: string;
  readonly extension: string;
  /** Orders the builds of this program; 0 if it runs from source. */
  readonly build: number;
  readonly platform: string;
  /** `wsl`, `ssh-remote` and the like; absent in a local window. */
  readonly remote?: string;
}

/** The person cancelled. Not shown. */
export const cancelled: Failure = failure("denied", "Cancelled.");

/** Shows in a notification why something failed, with at most one remedy. Does not wait for the person. */
export function showError(app: AppContext, refused: Failure, remedy?: { label: string; run: () => unknown }): void {
  if (refused === cancelled) return;
  const buttons = remedy === undefined ? [] : [remedy.label];
  // A refusal by somebody else is not an error.
  const tone = refused.code === "denied" ? "info" : "error";
  void app.prompter.tell(tone, forNotification(refused.reason, 600), ...buttons).then((pressed) => {
    if (pressed !== undefined) remedy?.run();
  });
}

/** Refuses what was meant for one account while another is signed in; the person may have switched meanwhile. */
export const wrongAccount = (): Failure => ({ ...accountSwitched, reason: reasonWords(accountSwitched.reason) });

/** Returns a function that tells whether the account is still the same as at this call. */
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

/** Returns the conversation that `given` names or the person chooses; the daemon looks up a name. */
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

/** Returns the name that `given` contains or the person chooses, without looking it up. */
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
