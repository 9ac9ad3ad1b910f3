// All texts of the chat panel, in one place.

import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import { errorTable } from "../../protocol/errors.ts";
import { reasonWords, t } from "./page-l10n.ts";

export interface Whom {
  readonly everyone: boolean;
  readonly name: string;
  readonly presence: Contact["presence"];
  /** Their presence is not known. */
  readonly unsure?: boolean;
  /** They refused the last message because they have blocked its author. */
  readonly refuses: boolean;
}

const isOffline = ({ presence, unsure }: Whom): boolean => presence === "offline" && unsure !== true;
const maxListed = 4;
const listed = (kinds: readonly string[]): string =>
  kinds.length <= maxListed ? kinds.join(", ") : `${kinds.slice(0, maxListed).join(", ")}, …`;

export const texts = {
  log: (whom: Whom) => (whom.everyone ? t("Messages with everyone") : t("Messages with {0}", whom.name)),
  composer: (whom: Whom) => (whom.everyone ? t("Message everyone") : t("Message {0}", whom.name)),
  placeholder: (whom: Whom) => {
    if (whom.everyone) return t("Message everyone who is online");
    const waits = isOffline(whom) && !whom.refuses;
    return waits ? t("Message {0}, who will get it when back online", whom.name) : t("Message {0}", whom.name);
  },
  placeholderSignedOut: t("Sign in to send messages"),
  loading: t("Loading messages…"),
  loadingOlder: t("Loading older messages…"),
  empty: (whom: Whom) =>
    whom.everyone
      ? t("Nothing was said to everyone yet. What you write here goes to all who are online.")
      : t("No messages with {0} yet. Say hello.", whom.name),
  signedOut: (whom: Whom) =>
    whom.everyone
      ? t("Sign in to see and send broadcasts.")
      : t("Sign in to see your messages with {0} and to write.", whom.name),
  unreadable: (reason: string) => t("The messages cannot be shown: {0}", reason),
  newMessages: t("New"),
  today: t("Today"),
  yesterday: t("Yesterday"),
  send: t("Send"),
  sendTitle: t(
    "Enter sends, Shift+Enter breaks the line. In a block of code Enter breaks the line, and Ctrl+Enter (⌘Enter) sends.",
  ),
  save: t("Save"),
  saveTitle: t("Enter saves, Escape cancels."),
  enterInCode: t("You are in a block of code: Enter breaks the line, Ctrl+Enter (⌘Enter) sends."),
  pastedAsCode: t("Pasted as code. Undo gives the text as it was."),
  tooLong: reasonWords(errorTable.too_large.reason),
  draftTooLong: t("So long a text is kept only while this chat is open."),
  retry: t("Retry"),
  newest: t("Newest messages"),
  newestWith: (count: number) => (count === 1 ? t("1 new message") : t("{0} new messages", count)),
  firstUnread: t("First unread message"),
  you: t("You"),
  done: t("Done: "),
  notDone: t("Not done: "),
  hiddenCharacter: t("An invisible character that could reorder or hide text"),
  code: t("Code"),
  table: t("Table"),
  codeIn: (language: string) => t("Code, {0}", language),
  /** Names of characters, such as `U+202E`. */
  hiddenKinds: (kinds: readonly string[]) => t("Hidden characters: {0}", listed(kinds)),
  hiddenQuestion: (kinds: readonly string[]) =>
    t(
      "This code has characters that are not seen ({0}). They can change what it does, or how it reads.",
      listed(kinds),
    ),
  hiddenChoice: { removed: t("Without Hidden Characters"), kept: t("As It Is") },
  wrapCode: t("Wrap Long Lines"),
  copyCode: t("Copy"),
  insertCode: t("Insert at Cursor"),
  openCode: t("Open in Editor"),
  openFile: t("Open this line in the workspace"),
  showMore: t("Show more"),
  showLess: t("Show less"),
  edited: t("edited"),
  deleted: t("This message was deleted."),
  unshown: t("This message cannot be shown."),
  quoted: (from: string, text: string) => t("Answers {0}: {1}. Go to that message", from, text),
  someone: t("a message"),
  /** @param from who reacted, as its owner spells it */
  reaction: (emoji: string, from: readonly string[]) => `${emoji} ${from.length}: ${from.join(", ")}`,
  toolbar: t("Message actions"),
  reply: t("Reply"),
  react: t("React"),
  reactWith: (emoji: string) => t("React with {0}", emoji),
  otherEmoji: t("Another emoji"),
  edit: t("Edit"),
  delete: t("Delete"),
  copy: t("Copy"),
  markUnread: t("Mark Unread from Here"),
  copyLink: t("Copy Link"),
  attach: t("Attach"),
  attachTitle: t("Attach a text file or the selection as code"),
  cancel: t("Cancel"),
  replyingTo: (from: string, text: string) => t("Replying to {0}: {1}", from, text),
  editing: t("Editing your message. Enter saves, Escape cancels."),
  completions: t("Suggestions"),
  typing: (name: string) => t("{0} is writing…", name),
  find: t("Find in this chat"),
  findPlaceholder: t("Find (all words)"),
  finding: t("Searching…"),
  found: (count: number, more: boolean) => {
    if (count === 0) return more ? t("No results so far") : t("No results");
    return more ? t("{0}+ found", count) : t("{0} found", count);
  },
  close: t("Close"),
  via: t("Via server"),
  notDirect: t("Not directly from the device that you verified: the server says who wrote this."),
  viaWhy: t("Messages go through the server, which keeps them while the other person is offline."),
  direct: (address: string) => t("Direct · {0}", address),
  directWhy: (address: string) => t("Messages go straight to {0}, encrypted, with the server out of the way.", address),
  connecting: t("Connecting directly…"),
  connectDirectly: t("Connect Directly"),
  verified: t("Verified"),
  verifiedWhy: t("You compared the safety number with this person."),
  toEveryone: t("Everyone who is online"),
  presence: { available: t("Online"), away: t("Away"), dnd: t("Do not disturb"), offline: t("Offline") },
  /** What each `/` command does. */
  slash: {
    me: t("Say what you do, in italics"),
    code: t("Put the selection of the last editor into the message"),
    search: t("Search in this chat"),
    away: t("Show yourself as away"),
    dnd: t("Show that you are not to be disturbed; nothing is notified meanwhile"),
    back: t("Show yourself as available again"),
    direct: t("Connect directly, without the server in between"),
    mute: t("No notifications for this chat"),
    block: t("Take no messages from this person"),
    help: t("Show what can be written"),
  },
  slashWords: t("words"),
  help: (lines: readonly string[]) => t("Commands: {0}", lines.join(" · ")),
  /** Follows the reason why a text was refused. */
  kept: t("Your text is still here."),
  doubtful: t("It is not certain that this was sent. Look whether it is above, and send it again if it is not."),
  state: (message: ChatMessage, whom: Whom): string => {
    switch (message.state) {
      case "sending":
        return t("Sending…");
      case "queued":
        return whom.everyone || !isOffline(whom) ? t("Queued") : t("Queued — {0} is offline", whom.name);
      case "delivered":
        return whom.everyone ? t("Sent") : t("Delivered");
      case "read":
        return t("Read");
      case "failed":
        return message.failure === undefined ? t("Failed") : t("Failed: {0}", reasonWords(message.failure.reason));
      case "received":
        return "";
    }
  },
} as const;
