// Every word that the chat panel says by itself, in one place, so that it can be translated.

import type { ChatMessage, Contact } from "../../protocol/editor/model.ts";

export interface Whom {
  readonly everyone: boolean;
  readonly name: string;
  readonly presence: Contact["presence"];
  /** Refused the last message, as somebody who has blocked its author. */
  readonly refuses: boolean;
}

export const texts = {
  log: (whom: Whom) => `Messages with ${whom.everyone ? "everyone" : whom.name}`,
  composer: (whom: Whom) => `Message ${whom.everyone ? "everyone" : whom.name}`,
  placeholder: (whom: Whom) =>
    whom.everyone
      ? "Message everyone who is online"
      : `Message ${whom.name}${whom.presence === "offline" && !whom.refuses ? ", who will get it when back online" : ""}`,
  placeholderSignedOut: "Sign in to send messages",
  loading: "Loading messages…",
  loadingOlder: "Loading older messages…",
  empty: (whom: Whom) =>
    whom.everyone
      ? "Nothing was said to everyone yet. What you write here goes to all who are online."
      : `No messages with ${whom.name} yet. Say hello.`,
  signedOut: (whom: Whom) =>
    whom.everyone
      ? "Sign in to see and send broadcasts."
      : `Sign in to see your messages with ${whom.name} and to write.`,
  unreadable: (reason: string) => `The messages cannot be shown: ${reason}`,
  newMessages: "New",
  today: "Today",
  yesterday: "Yesterday",
  send: "Send",
  retry: "Retry",
  newest: "Newest messages",
  newestWith: (count: number) => (count === 1 ? "1 new message" : `${count} new messages`),
  firstUnread: "First unread message",
  you: "You",
  done: "Done: ",
  notDone: "Not done: ",
  hiddenCharacter: "An invisible character that could reorder or hide text",
  code: "Code",
  codeIn: (language: string) => `Code, ${language}`,
  copyCode: "Copy",
  insertCode: "Insert at Cursor",
  openCode: "Open in Editor",
  edited: "edited",
  deleted: "This message was deleted.",
  quoted: (from: string, text: string) => `Answers ${from}: ${text}. Go to that message`,
  someone: "a message",
  /** `from`: who reacted, as spelled. */
  reaction: (emoji: string, from: readonly string[]) => `${emoji} ${from.length}: ${from.join(", ")}`,
  toolbar: "Message actions",
  reply: "Reply",
  react: "React",
  reactWith: (emoji: string) => `React with ${emoji}`,
  edit: "Edit",
  remove: "Delete",
  copy: "Copy",
  attach: "Attach",
  attachTitle: "Attach a text file or the selection as code",
  cancel: "Cancel",
  answering: (from: string, text: string) => `Replying to ${from}: ${text}`,
  editing: "Editing your message. Enter saves, Escape cancels.",
  completions: "Suggestions",
  typing: (name: string) => `${name} is writing…`,
  find: "Find in this chat",
  findPlaceholder: "Find (all words)",
  finding: "Searching…",
  found: (count: number, more: boolean) => (count === 0 ? "No results" : `${count}${more ? "+" : ""} found`),
  foundMore: "Show more",
  close: "Close",
  via: "Via server",
  viaWhy: "Messages go through the server, which keeps them while the other person is offline.",
  direct: (address: string) => `Direct · ${address}`,
  directWhy: (address: string) => `Messages go straight to ${address}, encrypted, with the server out of the way.`,
  connecting: "Connecting directly…",
  connectDirectly: "Connect Directly",
  verified: "Verified",
  verifiedWhy: "You compared the safety number with this person.",
  toEveryone: "Everyone who is online",
  presence: { available: "Online", away: "Away", dnd: "Do not disturb", offline: "Offline" },
  /** What each `/` command does. */
  slash: {
    me: "Say what you do, in italics",
    code: "Put the selection of the last editor into the message",
    search: "Search in this chat",
    away: "Show yourself as away",
    dnd: "Show that you are not to be disturbed; nothing is notified meanwhile",
    back: "Show yourself as available again",
    direct: "Connect directly, without the server in between",
    mute: "No notifications for this chat",
    block: "Take no messages from this person",
    help: "Show what can be written",
  },
  slashWords: "words",
  help: (lines: readonly string[]) => `Commands: ${lines.join(" · ")}`,
  /** Follows the reason why a text was not taken. */
  kept: "Your text is still here.",
  doubtful: "It is not certain that this was sent. Look whether it is above, and send it again if it is not.",
  state: (message: ChatMessage, whom: Whom): string => {
    switch (message.state) {
      case "sending":
        return "Sending…";
      case "queued":
        return whom.everyone ? "Queued" : `Queued — ${whom.name} is offline`;
      case "delivered":
        return whom.everyone ? "Sent" : "Delivered";
      case "read":
        return "Read";
      case "failed":
        return message.failure === undefined ? "Failed" : `Failed: ${message.failure.reason}`;
      case "received":
        return "";
    }
  },
} as const;
