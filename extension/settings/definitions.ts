// The settings of Chat Room, each declared once: `npm run generate` writes the manifest, its English texts and the table of
// docs/extension.md from these rows. No vscode.

import { defaultServer } from "../../protocol/server-address.ts";
import { readValue, setting } from "./setting.ts";
import type { SettingDefinition, ValueOf } from "./setting.ts";

/** By their names, without `chatRoom.`. */
export const definitions = {
  server: setting({
    type: "string",
    default: defaultServer,
    markdownDescription:
      "The server that **Chat Room: Sign In** proposes at first: `host:port`, or `chat://host:port#pin` as the server prints it. Afterwards it proposes the server you used last.",
    order: 1,
  }),
  notifications: setting({
    type: "choice",
    default: "on",
    options: {
      all: { description: "Also when somebody reacts to a message of yours." },
      on: { description: "One notification for a message in a conversation that no window shows." },
      mentions: { description: "Only for messages that name you: @name, outside of code and quotations." },
      off: { description: "No notifications; unread messages are still counted." },
    },
    formerly: [[false, "off"]],
    description: "Whether new messages are notified.",
    order: 2,
  }),
  mentions: setting({
    type: "boolean",
    default: false,
    markdownDescription:
      "Offer the names of your contacts after `@`, and say who they are when you point at `@name`: in comments and in plain text, Markdown and commit messages. The daemon on this machine then reads the documents that are open; nothing of them leaves the machine.",
    documentation: "See [Language features](#language-features).",
    order: 20,
    daemon: "itself",
  }),
  quietWhileDebugging: setting({
    type: "boolean",
    default: true,
    description: "Hold notifications back while you debug, and sum them up afterwards.",
    order: 3,
  }),
  p2p: setting({
    type: "choice",
    default: "ask",
    options: {
      off: { description: "This machine takes no direct links; all messages go through the server." },
      ask: { description: "You are asked about everybody who wants to talk to you directly." },
      contacts: { description: "People you have written to may connect; you are asked about all others." },
    },
    markdownDescription:
      "Who may talk to you directly, without the server in between. Nobody else on the server learns the address of this machine before you allow it.",
    order: 4,
    daemon: { request: "direct", field: "mode" },
  }),
  p2pInterfaces: setting({
    type: "texts",
    default: [],
    maxLength: 64,
    maxItems: 32,
    markdownDescription:
      "The network interfaces, by name (`eth0`) or address, on which direct links are taken. Empty: all of them.",
    order: 5,
    ignoreSync: true,
    daemon: { request: "direct", field: "interfaces" },
  }),
  p2pPort: setting({
    type: "integer",
    default: 0,
    minimum: 0,
    maximum: 65535,
    markdownDescription: "The port on which direct links are taken. `0`: any free one.",
    order: 6,
    ignoreSync: true,
    daemon: { request: "direct", field: "port" },
  }),
  sendTyping: setting({
    type: "boolean",
    default: true,
    description: "Let others see while you are writing to them.",
    order: 7,
    daemon: { request: "signals", field: "typing" },
  }),
  sendReadMarks: setting({
    type: "boolean",
    default: true,
    description: "Let others see which of their messages you have read.",
    order: 8,
    daemon: { request: "signals", field: "readMarks" },
  }),
  keepHistory: setting({
    type: "choice",
    default: "forever",
    options: {
      forever: { description: "Keep everything." },
      "1 year": { description: "Delete what is older than a year.", key: "year" },
      "90 days": { description: "Delete what is older than 90 days.", key: "90" },
      "30 days": { description: "Delete what is older than 30 days.", key: "30" },
    },
    markdownDescription:
      "How long messages are kept on this machine. Older ones are deleted here, and cannot be brought back; others keep theirs. Counted from when a message was sent; what was not sent yet stays.",
    documentation: "See [what goes and what stays](daemon.md#how-long-messages-are-kept).",
    order: 9,
    daemon: { request: "retention", field: "days", values: { "1 year": 365, "90 days": 90, "30 days": 30 } },
  }),
} satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof definitions;

/** The values of all settings. */
export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof definitions)[Name]> };

/** @param given what a setting is set to: anything */
export function settingsOf(given: (name: string) => unknown): Settings {
  const values = Object.entries(definitions).map(([name, definition]) => [name, readValue(definition, given(name))]);
  return Object.fromEntries(values) as Settings;
}
