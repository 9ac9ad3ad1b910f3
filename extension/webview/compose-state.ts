// What is in the composer and on its way: drafts of new messages, answers and changes of old ones, and the texts that wait
// for the daemon's word. Every one of them survives the page until it is stored or the person gave it up.

import { maxDraft } from "../../protocol/api/model.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { maxPanelText } from "../../protocol/page/page-fields.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import { PendingChanges } from "./pending-changes.ts";
import type { Composer, Writing } from "./composer.ts";
import type { DraftKeeper } from "./draft-keeper.ts";
import { isStored, ownedBy, refused, sending, stored } from "./unsent.ts";
import type { ExtensionHost } from "./extension-host.ts";
import { shortened } from "./timeline-row.ts";
import { texts } from "./texts.ts";

/** A text that is on its way for longer is shown. */
const patienceMs = 400;

export interface ComposeStateOptions {
  readonly host: ExtensionHost;
  readonly composer: Composer;
  readonly drafts: DraftKeeper;
  readonly messages: () => readonly ChatMessage[];
  readonly draw: () => void;
}

export class ComposeState {
  readonly #options: ComposeStateOptions;
  /** Sendings of which the host knows nothing, until the history tells. */
  #doubtful: string[] = [];
  #writing: Writing | undefined;
  readonly #changes: PendingChanges;

  constructor(options: ComposeStateOptions) {
    this.#options = options;
    this.#changes = new PendingChanges(options.host);
  }

  get #state(): ExtensionHost["state"] {
    return this.#options.host.state;
  }

  /** Whoever is signed in sees what they wrote themselves, and nobody's while nobody is. True where that changed. */
  setWriting(next: Writing, account: string | undefined): boolean {
    const { host, composer, drafts } = this.#options;
    const left = account !== undefined && this.#state.account !== undefined && this.#state.account !== account;
    if (next === this.#writing && !left) return false;
    if (account !== undefined) host.setState(ownedBy(this.#state, account));
    if (left) {
      host.setState({ anchor: undefined });
      drafts.leave();
      this.#changes.leave();
    }
    const anew = left || next === "closed" || this.#writing === "closed";
    if (anew) {
      this.#doubtful = this.#state.pending.map((each) => each.mid);
      composer.setProblem("");
    }
    this.#writing = next;
    this.show();
    return anew;
  }

  /** Puts into the composer what belongs there. */
  show(): void {
    const { composer } = this.#options;
    const { editing, replyTo, draft } = this.#state;
    const closed = this.#writing === "closed";
    composer.setText(closed ? "" : (editing?.text ?? draft));
    if (closed || (editing === undefined && replyTo === undefined)) composer.setStrip("", "");
    else if (editing !== undefined) composer.setStrip("edit", texts.editing, true);
    else if (replyTo !== undefined) composer.setStrip("reply", texts.replyingTo(replyTo.from, replyTo.text));
  }

  typed(text: string): void {
    const { host, composer, drafts } = this.#options;
    const { editing } = this.#state;
    if (text.length > maxDraft) composer.setProblem(texts.draftTooLong);
    if (editing === undefined) drafts.typed(text);
    else host.setState({ editing: { ...editing, text } });
  }

  replyTo({ seq, from, text }: ChatMessage): void {
    this.#options.host.setState({ replyTo: { seq, from, text: shortened(text) }, editing: undefined });
    this.show();
    this.#options.composer.focus();
  }

  edit({ mid, text }: ChatMessage): void {
    this.#options.host.setState({ editing: { mid, text } });
    this.show();
    this.#options.composer.focus();
  }

  cancel(): boolean {
    const { editing, replyTo } = this.#state;
    if (editing === undefined && replyTo === undefined) return false;
    this.#options.host.setState(editing === undefined ? { replyTo: undefined } : { editing: undefined });
    if (editing !== undefined) this.#changes.takeBack();
    this.show();
    return true;
  }

  /** True where something is on its way now. */
  send(): boolean {
    const { host, composer, draw, drafts } = this.#options;
    const { account, editing, replyTo, draft: text } = this.#state;
    if (this.#writing !== "open" || account === undefined) return false;
    if ((editing?.text ?? text).length > maxPanelText) {
      composer.setProblem(`${texts.tooLong} ${texts.kept}`);
      return false;
    }
    if (editing !== undefined) return this.#saveEdit(editing);
    const mid = crypto.randomUUID();
    const next = sending(this.#state, mid, Date.now());
    if (next === undefined) return false;
    host.setState({ ...next, replyTo: undefined });
    this.show();
    host.post({ kind: "send", mid, text, account, ...(replyTo && { replyTo: replyTo.seq }) });
    drafts.keep("");
    drafts.flush();
    setTimeout(() => {
      if (this.#state.pending.length > 0) draw();
    }, patienceMs + 50);
    return true;
  }

  settle({ mid, outcome, reason, transient }: Extract<ToPanel, { kind: "settled" }>, loaded: boolean): void {
    const { host } = this.#options;
    if (!this.#state.pending.some((each) => each.mid === mid)) {
      if (outcome !== "unknown") this.#settleOfOther(mid, outcome);
      return;
    }
    if (outcome === "stored") host.setState(stored(this.#state, mid));
    else if (outcome === "refused") this.#putBack(mid, `${reason ?? ""} ${texts.kept}`.trim(), transient);
    else if (loaded) this.#settleDoubtful(mid);
    else this.#doubtful.push(mid);
  }

  /** The history is there and tells what became of doubtful texts and changes. */
  loaded(): void {
    for (const mid of this.#doubtful.splice(0)) this.#settleDoubtful(mid);
    if (this.#changes.compare(this.#options.messages())) this.show();
  }

  edited(message: Extract<ToPanel, { kind: "edited" }>): void {
    if (!this.#changes.settle(message) || this.#writing === "closed") return;
    this.show();
    if (message.refused === undefined) return;
    this.#options.composer.setProblem(`${message.refused} ${texts.kept}`, message.transient);
  }

  /** What is on its way for so long that it should be seen, as messages behind the last one. */
  onTheirWay(): readonly ChatMessage[] {
    const messages = this.#options.messages();
    const last = messages.at(-1)?.seq ?? 0;
    const pending = this.#writing === "closed" ? [] : this.#state.pending;
    return pending
      .filter(({ atMs, mid }) => Date.now() - atMs >= patienceMs && !this.#doubtful.includes(mid))
      .filter(({ mid }) => !isStored(mid, messages))
      .map(({ mid, text, atMs }, index): ChatMessage => ({
        conversation: this.#state.conversation,
        seq: last + (index + 1) / 1_000, // no position of the history, so that nobody asks for it by that
        mid,
        from: texts.you,
        own: true,
        text,
        sentAtMs: atMs,
        state: "sending",
      }));
  }

  #saveEdit(editing: NonNullable<ExtensionHost["state"]["editing"]>): boolean {
    if (editing.text.trim() === "") return false;
    const stored = this.#options.messages().find((each) => each.mid === editing.mid);
    this.#changes.save(editing, stored?.text);
    this.show();
    return false;
  }

  /** It was sent by an account that has left since. */
  #settleOfOther(mid: string, outcome: "stored" | "refused"): void {
    const settled = outcome === "stored" ? stored : refused;
    this.#options.host.setState({ draftsByAccount: this.#state.draftsByAccount?.map((each) => settled(each, mid)) });
  }

  #settleDoubtful(mid: string): void {
    if (!this.#state.pending.some((each) => each.mid === mid)) return; // the host told meanwhile
    if (isStored(mid, this.#options.messages())) this.#options.host.setState(stored(this.#state, mid));
    else this.#putBack(mid, texts.doubtful);
  }

  #putBack(mid: string, problem: string, transient = false): void {
    const { host, composer, drafts } = this.#options;
    host.setState(refused(this.#state, mid));
    drafts.keep(this.#state.draft);
    if (this.#writing === "closed") return;
    this.show();
    composer.setProblem(problem, transient);
  }
}
