// Decides how a message is notified in this window, which the daemon has chosen: on its own with Open, Reply and Mute, in
// one notification for several conversations, or not at all. Messages that arrive while the person debugs are summed up
// afterwards. A message that mentions them, and the second one from the same person, do not wait for that. No vscode.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { arrivalOf } from "../../protocol/api/model.ts";
import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { namesPerson } from "../../protocol/text/mentions.ts";
import { NotificationBatches } from "./notification-batches.ts";
import { showError, wrongAccount, watchAccount } from "../commands/app-context.ts";
import type { AppContext } from "../commands/app-context.ts";
import { runNextUnread } from "../commands/find.ts";
import { runMute } from "../commands/people.ts";
import { runOpenChat, runReply } from "../commands/messages.ts";
import { nameOf, newMessages, totalUnread } from "../contacts/contact-queries.ts";
import { t } from "../ui/l10n.ts";
import { wordsOf } from "../markdown/plain.ts";
import { forNotification } from "../ui/plain-text.ts";

export interface NotifierOptions {
  readonly app: AppContext;
  readonly now: () => number;
  readonly isDebugging: () => boolean;
  /** Whether the person sees that chat. */
  readonly isInSight: (conversation: ConversationId) => boolean;
}

type Reaction = NonNullable<Contact["lastReaction"]>;

const maxNamed = 4;

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #announcements: NotificationBatches;
  /** Held-back conversations: how many messages of each were unread before. */
  readonly #heldBack = new Map<ConversationId, number>();

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#announcements = new NotificationBatches(options.now);
  }

  /** Resolves when the notification was answered, dismissed, or none was shown. */
  async take(message: ChatMessage, title: string, namedByDaemon?: boolean, reaction?: Reaction): Promise<void> {
    const { app, isInSight } = this.#options;
    const named = namedByDaemon ?? namesPerson(message.text, app.store.account?.user ?? "");
    if (reaction !== undefined && (app.settings().notifications !== "all" || this.#isQuiet())) return;
    if (!isWanted(app, named)) return;
    const { conversation } = message;
    const isSecond = !isEveryone(conversation) && this.#heldBack.has(conversation);
    if (this.#isQuiet() && !named && !isSecond) {
      this.#hold(conversation);
      return;
    }
    switch (this.#announcements.take(conversation, isInSight(conversation), named)) {
      case "one":
        return this.#showOne(message, title, reaction);
      case "several":
        return this.#showSeveral();
      case "none":
        return;
    }
  }

  /** Call when that chat was opened. */
  settle(conversation: ConversationId): void {
    this.#announcements.settle(conversation);
  }

  /** Call when a debug session ended. */
  async resume(): Promise<void> {
    if (this.#heldBack.size === 0 || this.#isQuiet()) return;
    const { store } = this.#options.app;
    const came = store.contacts.flatMap((each) => {
      const before = this.#heldBack.get(each.conversation);
      return before === undefined ? [] : [{ ...each, unread: Math.max(0, each.unread - before) }];
    });
    this.#heldBack.clear();
    if (totalUnread(came) > 0 && store.ownPresence.state !== "dnd") await this.#showSeveral(came);
  }

  #hold(conversation: ConversationId): void {
    if (this.#heldBack.has(conversation)) return;
    // The daemon has already reported the contact with this message included.
    const unread = this.#options.app.store.contact(conversation)?.unread ?? 0;
    this.#heldBack.set(conversation, Math.max(0, unread - 1));
  }

  #isQuiet(): boolean {
    return this.#options.app.settings().quietWhileDebugging && this.#options.isDebugging();
  }

  async #showOne(message: ChatMessage, title: string, reaction?: Reaction): Promise<void> {
    const { app } = this.#options;
    const { conversation } = message;
    const excerpt = forNotification(textOf(message), 180);
    const text =
      reaction === undefined
        ? `${forNotification(title, 80)}: ${excerpt}`
        : t("{0} reacted {1} to: {2}", forNotification(reaction.from, 80), reaction.emoji, excerpt);
    const [open, reply, mute] = [t("Open"), t("Reply"), t("Mute")];
    const isSameAccount = watchAccount(app);
    const buttons = reaction === undefined ? [open, reply, mute] : [open, mute];
    const pressed = await app.prompter.tell("info", text, ...buttons);
    this.#announcements.settle(conversation);
    if (pressed !== undefined && !isSameAccount()) {
      showError(app, wrongAccount());
      return;
    }
    const target = { conversation, name: isEveryone(conversation) ? "" : (reaction ?? message).from };
    if (pressed === open) await runOpenChat(app, target);
    else if (pressed === reply) await runReply(app, message);
    else if (pressed === mute) await runMute(app, target, true);
  }

  async #showSeveral(unread: readonly Contact[] = this.#options.app.store.contacts): Promise<void> {
    const { app } = this.#options;
    const go = t("Go to Next Unread");
    const pressed = await app.prompter.tell("info", summaryOf(unread), go);
    this.#announcements.settleSeveral();
    if (pressed === go) await runNextUnread(app);
  }
}

function textOf({ text, unreadable }: ChatMessage): string {
  try {
    if (unreadable !== true) return wordsOf(text);
  } catch {
    // Handled below: nobody should miss a message because its text cannot be parsed.
  }
  return t("This message cannot be shown.");
}

function isWanted({ settings }: AppContext, named: boolean): boolean {
  const { notifications } = settings();
  return notifications === "all" || notifications === "on" || (notifications === "mentions" && named);
}

/** Returns a summary: "5 new messages: alice, bob", most recent sender first. */
function summaryOf(contacts: readonly Contact[]): string {
  const unread = contacts
    .filter((each) => each.unread > 0 && !each.muted && !each.blocked)
    .sort((a, b) => arrivalOf(b) - arrivalOf(a));
  const names = unread.slice(0, maxNamed).map((each) => forNotification(nameOf(each), 40));
  const more = unread.length > maxNamed ? `${names.join(", ")}, …` : names.join(", ");
  return t("{0}: {1}", newMessages(totalUnread(contacts)), more);
}
