// Open Chat, Send Message, Reply, Broadcast Message, Show Online Users. A text is kept until the daemon has confirmed that
// it is on disk: a refused text is offered again.

import { everyone, isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { onlineUsers } from "../../protocol/api/session.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { MessageId } from "../../protocol/ids.ts";
import { keyOfName } from "../../protocol/names.ts";
import { presenceIcon } from "../contacts/icons.ts";
import { t } from "../ui/l10n.ts";
import { wordsOf as markdownWords } from "../markdown/plain.ts";
import { forNotification, withoutIcons } from "../ui/plain-text.ts";
import { askInTurn } from "../ui/prompter-port.ts";
import { newMessageId, storeMessage } from "../chat/kinds/text.ts";
import { agreed } from "./confirm.ts";
import { contactArgument, wordsOf } from "./command-arguments.ts";
import { cancelled, conversationFor, showError, offerCopy, watchAccount } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";
import { forEachSelected } from "./selected-contacts.ts";

/** A broadcast to at most this many people is not confirmed first. */
const manyPeople = 10;

export const openChatCommand = command({
  id: "chatRoom.openChat",
  title: "Open Chat",
  icon: "comment-discussion",
  description: "Opens a chat beside the editor.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: {
    contactsTitle: { group: "navigation@2", when: "chatRoom.state == connected" },
    contact: { group: "1_talk@1", when: "viewItem =~ /^(person|everyone)\\./" },
  },
  keybinding: { key: "ctrl+k h", when: "chatRoom.signedIn" },
  run: forEachSelected(runOpenChat),
});

/** `chatRoom.openChat`: a name, `{ name }`, or a row of Contacts; `everyone` is Everyone. Returns true once it is open. */
export async function runOpenChat(app: AppContext, given?: unknown): Promise<boolean> {
  const found = await conversationFor(app, given, {
    title: t("Chat Room: Open Chat"),
    placeholder: t("With whom? Choose, or type a name"),
    everyone: true,
  });
  if (!found.ok) {
    showError(app, found);
    return false;
  }
  app.openPanel(found.conversation, found.name);
  return true;
}

/**
 * `chatRoom.sendMessage`: `(name, text)` or `{ to, text }`; instead of a name also a row of Contacts.
 * Returns `{ ok: true, message }` once the message is on this machine's disk, or `{ ok: false, code, reason }`.
 */
export async function runSendMessage(
  app: AppContext,
  to?: unknown,
  text?: unknown,
): Promise<Outcome<{ message: ChatMessage }>> {
  const found = await conversationFor(app, to, {
    title: t("Chat Room: Send Message"),
    placeholder: t("To whom? Choose, or type a name"),
    suits: (contact) => !contact.blocked,
  });
  if (!found.ok) {
    showError(app, found);
    return found;
  }
  const given = typeof text === "string" ? text : typeof to === "object" ? wordsOf(to) : undefined;
  return sendTo(app, found, given);
}

/** Reply in a notification: an input box with the quoted text on top. Returns the same as `chatRoom.sendMessage`. */
export async function runReply(app: AppContext, message: ChatMessage): Promise<Outcome<{ message: ChatMessage }>> {
  const { conversation, seq, from, text } = message;
  const name = isEveryone(conversation) ? "" : from;
  const quoted = forNotification(markdownWords(text), 160);
  return sendTo(app, { conversation, name, answers: seq, quoted }, undefined);
}

export const broadcastCommand = command({
  id: "chatRoom.broadcast",
  title: "Broadcast Message",
  icon: "megaphone",
  description: "Sends a message to everyone; asks if more than ten people are online.",
  arguments: { text: { type: "text", alone: true, description: "Message." } },
  enablement: "chatRoom.signedIn",
  menus: {
    contactsTitle: { group: "1_people@3", when: "chatRoom.state == connected" },
    contact: { group: "1_talk@2", when: "viewItem =~ /^everyone\\./" },
  },
  run: runBroadcast,
});

/**
 * `chatRoom.broadcast`: the text or `{ text }`; asks for it, and for confirmation if many people are online. Returns the
 * same as `chatRoom.sendMessage`.
 */
export async function runBroadcast(app: AppContext, given?: unknown): Promise<Outcome<{ message: ChatMessage }>> {
  return sendTo(app, { conversation: everyone, name: "" }, wordsOf(given));
}

export const showOnlineCommand = command({
  id: "chatRoom.showOnline",
  title: "Show Online Users",
  icon: "organization",
  description: "Lists who is online.",
  enablement: "chatRoom.signedIn",
  menus: { contactsTitle: { group: "1_people@2", when: "chatRoom.state == connected" } },
  run: runShowOnline,
});

/**
 * `chatRoom.showOnline`: no arguments. Returns the names as soon as the list is shown, or the refusal; choosing one opens
 * the chat.
 */
export async function runShowOnline(app: AppContext): Promise<readonly string[] | Failure> {
  const outcome = await app.daemon.request(onlineUsers, {});
  if (!outcome.ok) {
    showError(app, outcome);
    return outcome;
  }
  const own = app.store.account?.user ?? "";
  const isOwn = (name: string): boolean => keyOfName(name) === keyOfName(own);
  const users = [...outcome.users].sort((a, b) => Number(isOwn(a)) - Number(isOwn(b)) || a.localeCompare(b));
  const chosen = app.prompter.choose({
    title: t("Chat Room: Online Users ({0})", users.length),
    placeholder: t("Choose one to chat with"),
    choices: users.map((name) => ({
      label: withoutIcons(name, 64),
      ...(isOwn(name) && { description: t("you") }),
      icon: onlineIcon(isOwn(name) ? app.store.ownPresence.state : app.store.contactNamed(name)?.presence),
      value: name,
    })),
  });
  void chosen.then((name) => (name === undefined || isOwn(name) ? undefined : runOpenChat(app, { name })));
  return users;
}

/** Returns an online icon even for an offline contact: the server's list may be newer than the contact's state. */
function onlineIcon(known: Contact["presence"] = "available"): string {
  return presenceIcon(known === "offline" ? "available" : known).id;
}

interface Recipient {
  readonly conversation: ConversationId;
  readonly name: string;
  /** The position of the message that is replied to; then its text. */
  readonly answers?: number;
  readonly quoted?: string;
}

/** A text that the daemon refused, or stored without confirming: sent again with the same `mid`, it is the same message. */
interface Refused {
  readonly text: string;
  readonly mid: MessageId;
}

async function sendTo(
  app: AppContext,
  to: Recipient,
  given: string | undefined,
  before?: Refused,
  isSameAccount = watchAccount(app),
): Promise<Outcome<{ message: ChatMessage }>> {
  const text = given ?? (await askUntilAgreed(app, to, before?.text ?? ""));
  if (text === undefined) return cancelled;
  if (!isSameAccount()) return offerCopy(app, text);
  const { conversation, answers } = to;
  const mid = before?.text === text ? before.mid : newMessageId();
  const outcome = await storeMessage(
    app,
    { conversation, text, mid, ...(answers !== undefined && { answers }) },
    isSameAccount,
  );
  const broadcast = isEveryone(conversation);
  const done = broadcast
    ? `$(broadcast) ${t("Broadcast is on its way")}`
    : `$(check) ${t("Sent to {0}", withoutIcons(to.name, 64))}`;
  if (outcome.ok) app.prompter.mention(done);
  else
    showError(app, outcome, {
      label: t("Try Again"),
      run: () => sendTo(app, to, undefined, { text, mid }, isSameAccount),
    });
  return outcome;
}

/** Asks for the text, and for confirmation of a broadcast to many; a no returns to the text. */
async function askUntilAgreed(app: AppContext, to: Recipient, value: string): Promise<string | undefined> {
  for (let written = value; ;) {
    const text = await askForText(app, to, written);
    if (text === undefined || !isEveryone(to.conversation) || (await agreedToBroadcast(app))) return text;
    written = text;
  }
}

async function agreedToBroadcast(app: AppContext): Promise<boolean> {
  const present = app.store.contacts.filter(
    (each) => !isEveryone(each.conversation) && each.presence !== "offline",
  ).length;
  if (present <= manyPeople) return true;
  return agreed(app, {
    title: t("Send this to {0} people?", present),
    yes: t("Send"),
    detail: t("Everyone who is online gets it."),
    icon: "megaphone",
  });
}

async function askForText(app: AppContext, to: Recipient, value: string): Promise<string | undefined> {
  const broadcast = isEveryone(to.conversation);
  const name = forNotification(to.name, 64);
  const title = broadcast ? t("Chat Room: Broadcast Message") : t("Chat Room: Send Message");
  const prompt = broadcast ? t("Message everyone online") : t("Message {0}", name);
  const quoted = to.quoted === undefined ? {} : { title: `“${to.quoted}”` };
  const validate = (text: string): string | undefined => (text.trim() === "" ? t("Write something first.") : undefined);
  return (await askInTurn(app.prompter, [{ title, prompt, value, validate, ...quoted }]))?.[0];
}
