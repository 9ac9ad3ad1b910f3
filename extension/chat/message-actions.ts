// What a person wants done with messages that are there, and with the text that is being written: passed on to the daemon,
// and what it refuses is said in the panel. No vscode.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { retry } from "../../protocol/conversations/kinds/text.ts";
import { deleteMessage } from "../../protocol/conversations/kinds/deletion.ts";
import { editMessage } from "../../protocol/conversations/kinds/edit.ts";
import { react } from "../../protocol/conversations/kinds/reaction.ts";
import { search, setDraft, setPresence } from "../../protocol/api/conversation.ts";
import { typing } from "../../protocol/conversations/kinds/typing.ts";
import { failure } from "../../protocol/errors.ts";
import type { MessageId } from "../../protocol/ids.ts";
import type { FromPanel } from "../../protocol/page/page-messages.ts";
import type { Daemon } from "../daemon-client/port.ts";
import { t } from "../ui/l10n.ts";
import { statusWords } from "../status/presence-text.ts";
import type { WebviewChannel } from "./webview-channel.ts";
import type { HistoryLoader } from "./history-loader.ts";

type Kind = "edit" | "delete" | "react" | "retry" | "draft" | "typing" | "find" | "status";
export type MessageAction = Extract<FromPanel, { kind: Kind }>;

export interface MessageActionsOptions {
  readonly daemon: Daemon;
  readonly conversation: ConversationId;
  readonly loader: HistoryLoader;
  readonly account: () => string;
  readonly channel: WebviewChannel;
  readonly changed: (message: ChatMessage) => void;
  /** Asks the person whether that message may go. */
  readonly confirmDeletion: (message: ChatMessage) => Promise<boolean>;
}

const hitsPerPage = 50;
/** Each without a hit, of 2 s: after that the person says whether to go on. */
const maxParts = 30;

export class MessageActions {
  readonly #options: MessageActionsOptions;
  /** How many searches there were. */
  #findings = 0;

  constructor(options: MessageActionsOptions) {
    this.#options = options;
  }

  async take(action: MessageAction): Promise<void> {
    const { daemon, conversation } = this.#options;
    switch (action.kind) {
      case "edit":
        return this.#edit(action);
      case "delete":
        return this.#delete(action.mid);
      case "react": {
        const { seq, emoji, on } = action;
        this.#say(await daemon.request(react, { conversation, seq, emoji, on }));
        return;
      }
      case "retry":
        return this.#retry(action.mid);
      case "draft":
        return this.#keepDraft(action);
      case "typing":
        await daemon.request(typing, { conversation }); // a signal that is lost is no loss
        return;
      case "find":
        return this.#find(action);
      case "status":
        return this.#setStatus(action);
    }
  }

  async #setStatus({ state, text }: Extract<MessageAction, { kind: "status" }>): Promise<void> {
    const { daemon, channel } = this.#options;
    const outcome = await daemon.request(setPresence, { state, ...(text !== "" && { text }) });
    if (outcome.ok) channel.post({ kind: "notice", text: t("Your status: {0}", statusWords(state)), failed: false });
    this.#say(outcome);
  }

  /** A text that was refused goes back to the person who wrote it, and nobody else. */
  async #edit({ account, mid, text }: Extract<MessageAction, { kind: "edit" }>): Promise<void> {
    const { daemon, conversation, channel } = this.#options;
    if (account !== this.#options.account()) return; // the panel still has it, for when they are back
    const outcome = await daemon.request(editMessage, { conversation, mid: mid as MessageId, text });
    if (account !== this.#options.account()) return;
    const refused = outcome.ok ? {} : { refused: outcome.reason, transient: outcome.code === "unavailable" };
    channel.keep({ kind: "edited", account, mid, text, ...refused });
  }

  async #delete(mid: string): Promise<void> {
    const { daemon, conversation, loader, confirmDeletion } = this.#options;
    const message = loader.message((each) => each.own && each.mid === mid);
    if (message === undefined || !(await confirmDeletion(message))) return;
    this.#say(await daemon.request(deleteMessage, { conversation, mid: mid as MessageId }));
  }

  async #retry(mid: string): Promise<void> {
    const { daemon, conversation, loader, changed } = this.#options;
    const outcome = await daemon.request(retry, { conversation, mid });
    const failed = loader.message((each) => each.mid === mid);
    if (outcome.ok || failed === undefined) return;
    const { code, reason } = failure(outcome.code, outcome.reason);
    changed({ ...failed, failure: { code, reason } });
  }

  async #keepDraft({ account, text }: Extract<MessageAction, { kind: "draft" }>): Promise<void> {
    const { daemon, conversation, channel } = this.#options;
    if (account !== this.#options.account()) return;
    const outcome = await daemon.request(setDraft, { conversation, text });
    if (outcome.ok) channel.post({ kind: "draft", account, text, revision: outcome.revision, kept: true });
  }

  /** Goes on where a search has taken long without a hit, until the next one is wanted. */
  async #find({ text, before }: Extract<MessageAction, { kind: "find" }>): Promise<void> {
    const { daemon, conversation, channel } = this.#options;
    const account = this.#options.account();
    const finding = (this.#findings += 1);
    for (let [from, part] = [before, 1]; ; part += 1) {
      const asked = { text, conversation, limit: hitsPerPage, ...(from !== undefined && { before: from }) };
      const outcome = await daemon.request(search, asked);
      // To go on would take the place of the later one, or look at somebody else's messages.
      if (finding !== this.#findings || account !== this.#options.account()) return;
      if (!outcome.ok) {
        channel.post({ kind: "found", text, hits: [], refused: outcome.reason });
        return;
      }
      const { hits, next } = outcome;
      if (hits.length > 0 || next === undefined || part === maxParts) {
        const found = hits.map((hit) => hit.message);
        channel.post({ kind: "found", text, hits: found, ...(next !== undefined && { next }) });
        return;
      }
      from = next;
    }
  }

  #say(outcome: Outcome<object>): void {
    if (!outcome.ok) this.#options.channel.post({ kind: "notice", text: outcome.reason, failed: true });
  }
}
