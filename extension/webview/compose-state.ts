// What is in the composer and what is being sent: drafts of new messages, replies and edits, and the texts that the daemon
// has not answered yet. All of it survives the page until it is stored or the person gives it up. It tells the composer what
// to show; the composer calls back only for actions of the person.

import { maxDraft } from "../../protocol/api/model.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { maxPanelText } from "../../protocol/page/page-fields.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import type { PanelState } from "../../protocol/page/panel-state.ts";
import { Composer } from "./composer.ts";
import type { ComposerActions, Writing } from "./composer.ts";
import { DraftKeeper } from "./draft-keeper.ts";
import type { ExtensionHost } from "./extension-host.ts";
import { editStrip, PendingEdits } from "./kinds/edit.ts";
import { replyStrip, replyToMessage } from "./kinds/reply.ts";
import { TypingSignal } from "./kinds/typing.ts";
import type { MessageList, Unsent } from "./message-list.ts";
import { slashOf, spoken } from "./slash-commands.ts";
import type { Slash, SlashCommand } from "./slash-commands.ts";
import { isStored, ownedBy, refused, sending, stored } from "./unsent.ts";
import { texts } from "./texts.ts";

/** A text that is being sent for longer than this is shown. */
const patienceMs = 400;

export interface ComposeStateOptions {
  readonly host: ExtensionHost;
  readonly list: () => MessageList;
  /** Runs a command typed in the composer, such as `/away`. */
  readonly runCommand: (name: SlashCommand["name"], rest: string) => void;
}

export class ComposeState implements ComposerActions, Unsent {
  readonly composer: Composer;
  readonly #options: ComposeStateOptions;
  readonly #host: ExtensionHost;
  readonly #drafts: DraftKeeper;
  readonly #edits: PendingEdits;
  readonly #typing: TypingSignal;
  /** Texts being sent of which the host knows nothing, until the history shows their outcome. */
  #doubtful: string[] = [];
  #writing: Writing | undefined;

  constructor(options: ComposeStateOptions) {
    const { host } = options;
    this.#options = options;
    this.#host = host;
    this.#drafts = new DraftKeeper(host);
    this.#edits = new PendingEdits(host);
    this.#typing = new TypingSignal(host.post);
    this.composer = new Composer(this, isEveryone(host.state.conversation));
  }

  get #state(): PanelState {
    return this.#host.state;
  }

  /** Whether something can be sent; undefined until the host has reported it. */
  get writing(): Writing | undefined {
    return this.#writing;
  }

  get isClosed(): boolean {
    return this.#writing === "closed";
  }

  /**
   * Switches to the account that is signed in, which sees only what it has written itself; without an account nothing is
   * shown. Returns true if that has changed.
   */
  setWriting(next: Writing, account: string | undefined): boolean {
    const left = account !== undefined && this.#state.account !== undefined && this.#state.account !== account;
    if (next === this.#writing && !left) return false;
    if (account !== undefined) this.#host.setState(ownedBy(this.#state, account));
    if (left) {
      this.#host.setState({ anchor: undefined });
      this.#drafts.leave();
      this.#edits.leave();
    }
    const anew = left || next === "closed" || this.#writing === "closed";
    if (anew) {
      this.#doubtful = this.#state.pending.map((each) => each.mid);
      this.composer.setProblem("");
    }
    this.#writing = next;
    this.#show();
    return anew;
  }

  typed(text: string): void {
    const { editing } = this.#state;
    if (text.length > maxDraft) this.composer.setProblem(texts.draftTooLong);
    if (editing !== undefined) this.#host.setState({ editing: { ...editing, text } });
    else {
      this.#drafts.keep(text);
      this.#typing.typed(text);
    }
  }

  attach(): void {
    this.#host.post({ kind: "attach", from: "any" });
  }

  whom(typed: string): void {
    this.#host.post({ kind: "whom", typed });
  }

  replyTo(message: ChatMessage): void {
    this.#host.setState({ replyTo: replyToMessage(message), editing: undefined });
    this.#show();
    this.composer.focus();
  }

  edit({ mid, text }: ChatMessage): void {
    this.#host.setState({ editing: { mid, text } });
    this.#show();
    this.composer.focus();
  }

  editLast(): void {
    const { lastOwn } = this.#options.list();
    if (lastOwn !== undefined) this.edit(lastOwn);
  }

  cancel(): boolean {
    const { editing, replyTo } = this.#state;
    if (editing === undefined && replyTo === undefined) return false;
    this.#host.setState(editing === undefined ? { replyTo: undefined } : { editing: undefined });
    if (editing !== undefined) this.#edits.takeBack();
    this.#show();
    return true;
  }

  send(): void {
    const { account, editing, replyTo, draft } = this.#state;
    const slash = editing === undefined ? slashOf(draft) : undefined;
    if (slash !== undefined && slash.command.name !== "me") {
      this.#run(slash);
      return;
    }
    if (this.#writing !== "open" || account === undefined) return;
    const text = slash === undefined ? (editing?.text ?? draft) : spoken(slash);
    if (text.length > maxPanelText) {
      this.composer.setProblem(`${texts.tooLong} ${texts.kept}`);
      return;
    }
    if (editing !== undefined) {
      this.#saveEdit(editing);
      return;
    }
    const mid = crypto.randomUUID();
    const next = sending({ ...this.#state, draft: text }, mid, Date.now());
    if (next === undefined) return;
    this.#host.setState({ ...next, replyTo: undefined });
    this.#host.post({ kind: "send", mid, text, account, ...(replyTo && { replyTo: replyTo.seq }) });
    this.#drafts.clear();
    this.#show();
    setTimeout(() => {
      if (this.#state.pending.length > 0) this.#options.list().draw();
    }, patienceMs + 50);
    this.#options.list().wrote();
  }

  settled({ mid, outcome, reason, transient }: Extract<ToPanel, { kind: "settled" }>): void {
    const list = this.#options.list();
    if (!this.#state.pending.some((each) => each.mid === mid)) {
      if (outcome !== "unknown") this.#settleOfOther(mid, outcome);
    } else if (outcome === "stored") this.#host.setState(stored(this.#state, mid));
    else if (outcome === "refused") this.#putBack(mid, `${reason ?? ""} ${texts.kept}`.trim(), transient);
    else if (list.isLoaded) this.#settleDoubtful(mid);
    else this.#doubtful.push(mid);
    list.draw();
  }

  edited(message: Extract<ToPanel, { kind: "edited" }>): void {
    if (!this.#edits.settle(message) || this.isClosed) return;
    this.#show();
    if (message.refused === undefined) return;
    this.composer.setProblem(`${message.refused} ${texts.kept}`, message.transient);
  }

  draftChanged(message: Extract<ToPanel, { kind: "draft" }>): void {
    if (this.#drafts.take(message)) this.#show();
  }

  historyLoaded(messages: readonly ChatMessage[]): void {
    for (const mid of this.#doubtful.splice(0)) this.#settleDoubtful(mid);
    if (this.#edits.compare(messages)) this.#show();
  }

  onTheirWay(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    const last = messages.at(-1)?.seq ?? 0;
    const pending = this.isClosed ? [] : this.#state.pending;
    return pending
      .filter(({ atMs, mid }) => Date.now() - atMs >= patienceMs && !this.#doubtful.includes(mid))
      .filter(({ mid }) => !isStored(mid, messages))
      .map(({ mid, text, atMs }, index): ChatMessage => ({
        conversation: this.#state.conversation,
        seq: last + (index + 1) / 1_000, // not a position in the history, so that no request uses it
        mid,
        from: texts.you,
        own: true,
        text,
        sentAtMs: atMs,
        state: "sending",
      }));
  }

  /** Shows the current state in the composer. */
  #show(): void {
    const state = this.#state;
    if (this.isClosed) this.composer.setContent("", undefined);
    else this.composer.setContent(state.editing?.text ?? state.draft, editStrip(state) ?? replyStrip(state));
  }

  #run({ command, rest }: Slash): void {
    this.#drafts.keep("");
    this.#show();
    const makesSense = !(isEveryone(this.#state.conversation) && command.person);
    this.#options.runCommand(makesSense ? command.name : "help", rest);
  }

  #saveEdit(editing: NonNullable<PanelState["editing"]>): void {
    if (editing.text.trim() === "") return;
    const known = this.#options.list().messages.find((each) => each.mid === editing.mid);
    this.#edits.save(editing, known?.text);
    this.#show();
  }

  /** Handles the outcome of a text whose account has signed out since. */
  #settleOfOther(mid: string, outcome: "stored" | "refused"): void {
    const settled = outcome === "stored" ? stored : refused;
    this.#host.setState({ draftsByAccount: this.#state.draftsByAccount?.map((each) => settled(each, mid)) });
  }

  #settleDoubtful(mid: string): void {
    if (!this.#state.pending.some((each) => each.mid === mid)) return; // the host has reported it meanwhile
    if (isStored(mid, this.#options.list().messages)) this.#host.setState(stored(this.#state, mid));
    else this.#putBack(mid, texts.doubtful);
  }

  #putBack(mid: string, problem: string, transient = false): void {
    this.#host.setState(refused(this.#state, mid));
    this.#drafts.keep(this.#state.draft);
    if (this.isClosed) return;
    this.#show();
    this.composer.setProblem(problem, transient);
  }
}
