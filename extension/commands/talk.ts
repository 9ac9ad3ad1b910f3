// Open Chat, Send Message, Broadcast Message, Show Online Users. What was written is only ever given up by the daemon's
// word that it is on disk: a refused text is offered again.

import type { Outcome } from "../../protocol/editor/declare.ts";
import type { ChatMessage, ConversationId } from "../../protocol/editor/model.ts";
import { onlineUsers, send } from "../../protocol/editor/requests.ts";
import type { Failure } from "../../protocol/errors.ts";
import { keyOfName } from "../../protocol/names.ts";
import { forNotification, withoutIcons } from "../plain-text.ts";
import { askInTurn } from "../prompter-port.ts";
import { wordsOf } from "./arguments.ts";
import { cancelled, conversationFor, explain } from "./desk.ts";
import type { Desk } from "./desk.ts";

/** `chatRoom.openChat`: a name, `{ name }`, or a row of Contacts; `everyone` is Everyone. Answers true once it is open. */
export async function runOpenChat(desk: Desk, given?: unknown): Promise<boolean> {
  const found = await conversationFor(desk, given, {
    title: "Chat Room: Open Chat",
    placeholder: "With whom? Choose, or type a name",
    everyone: true,
  });
  if (!found.ok) {
    explain(desk, found);
    return false;
  }
  desk.openPanel(found.conversation, found.name);
  return true;
}

/**
 * `chatRoom.sendMessage`: `(name, text)` or `{ to, text }`; instead of a name also a row of Contacts.
 * Answers `{ ok: true, message }` once the message is on this machine's disk, or `{ ok: false, code, reason }`.
 */
export async function runSendMessage(
  desk: Desk,
  to?: unknown,
  text?: unknown,
): Promise<Outcome<{ message: ChatMessage }>> {
  const found = await conversationFor(desk, to, {
    title: "Chat Room: Send Message",
    placeholder: "To whom? Choose, or type a name",
    suits: (contact) => !contact.blocked,
  });
  if (!found.ok) {
    explain(desk, found);
    return found;
  }
  const given = typeof text === "string" ? text : typeof to === "object" ? wordsOf(to) : undefined;
  return sendTo(desk, found.conversation, found.name, given);
}

/** `chatRoom.broadcast`: the text or `{ text }`. Answers as `chatRoom.sendMessage`. */
export async function runBroadcast(desk: Desk, given?: unknown): Promise<Outcome<{ message: ChatMessage }>> {
  return sendTo(desk, "everyone", "everyone online", wordsOf(given));
}

/**
 * `chatRoom.showOnline`: no arguments. Answers the names as soon as the list is shown, or the refusal; choosing one opens
 * the chat.
 */
export async function runShowOnline(desk: Desk): Promise<readonly string[] | Failure> {
  const outcome = await desk.daemon.request(onlineUsers, {});
  if (!outcome.ok) {
    explain(desk, outcome);
    return outcome;
  }
  const own = desk.room.account?.user ?? "";
  const isOwn = (name: string): boolean => keyOfName(name) === keyOfName(own);
  const users = [...outcome.users].sort((a, b) => Number(isOwn(a)) - Number(isOwn(b)) || a.localeCompare(b));
  const chosen = desk.prompter.choose({
    title: `Chat Room: Online Users (${users.length})`,
    placeholder: "Choose one to chat with",
    choices: users.map((name) => ({
      label: withoutIcons(name, 64),
      ...(isOwn(name) && { description: "you" }),
      icon: "circle-filled",
      value: name,
    })),
  });
  void chosen.then((name) => (name === undefined || isOwn(name) ? undefined : runOpenChat(desk, { name })));
  return users;
}

async function sendTo(
  desk: Desk,
  conversation: ConversationId,
  name: string,
  given: string | undefined,
  draft = "",
): Promise<Outcome<{ message: ChatMessage }>> {
  const text = given ?? (await askForText(desk, conversation, name, draft));
  if (text === undefined) return cancelled;
  const outcome = await desk.daemon.request(send, { conversation, text });
  const broadcast = conversation === "everyone";
  const done = broadcast ? "$(broadcast) Broadcast is on its way" : `$(check) Sent to ${withoutIcons(name, 64)}`;
  if (outcome.ok) desk.prompter.mention(done);
  else explain(desk, outcome, { label: "Try Again", run: () => sendTo(desk, conversation, name, undefined, text) });
  return outcome;
}

async function askForText(
  desk: Desk,
  conversation: ConversationId,
  name: string,
  value: string,
): Promise<string | undefined> {
  const title = conversation === "everyone" ? "Chat Room: Broadcast Message" : "Chat Room: Send Message";
  const prompt = `Message ${conversation === "everyone" ? "everyone online" : forNotification(name, 64)}`;
  const validate = (text: string): string | undefined => (text.trim() === "" ? "Write something first." : undefined);
  return (await askInTurn(desk.prompter, [{ title, prompt, value, validate }]))?.[0];
}
