// Send Message: to one person, or to each of several selected in Contacts.

import type { Outcome } from "../../protocol/api/declare.ts";
import { failure } from "../../protocol/errors.ts";
import { nameOf } from "../contacts/contact-queries.ts";
import { t } from "../ui/l10n.ts";
import { forNotification, withoutIcons } from "../ui/plain-text.ts";
import { askInTurn } from "../ui/prompter-port.ts";
import { newMessageId, storeMessage } from "../chat/kinds/text.ts";
import { cancelled, showError, offerCopy, watchAccount } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { runSendMessage } from "./messages.ts";
import { peopleOf } from "./selected-contacts.ts";
import type { Row } from "./selected-contacts.ts";
import { command } from "./command.ts";
import { contactArgument } from "./command-arguments.ts";

const maxNamed = 8;

export const sendMessageCommand = command({
  id: "chatRoom.sendMessage",
  title: "Send Message",
  icon: "send",
  description: "Sends a message without opening the chat.",
  arguments: {
    to: { ...contactArgument, description: "Name of the contact." },
    text: { type: "text", alone: true, description: "Message." },
  },
  enablement: "chatRoom.signedIn",
  menus: { contact: { group: "1_talk@2", when: "viewItem =~ /^person\\.welcome\\./" } },
  run: runSendToSelected,
});

/** `chatRoom.sendMessage`, from the keyboard, code, or one or several rows. */
export async function runSendToSelected(app: AppContext, to?: unknown, given?: unknown): Promise<unknown> {
  const people = peopleOf(given);
  return people.length < 2 ? runSendMessage(app, to, given) : sendToSeveral(app, people);
}

/** Sends one text as one message per person; refusals are reported together, and the text can be copied. */
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
