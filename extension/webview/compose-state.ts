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
import type { Host } from "./extension-host.ts";
import { shortened } from "./timeline-row.ts";
import { texts } from "./texts.ts";

/** A text that is on its way for longer is shown. */
const patienceMs = 400;

export interface ComposeStateOptions {
  readonly host: Host;
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

  get #state(): Host["state"] {
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
      this.#doubtful = this.#state.pending.map((each) => each.ticket);
      composer.setProblem("");
    }
    this.#writing = next;
    this.show();
    return anew;
  }

  /** Puts into the composer what belongs there. */
  show(): void {
    const { composer } = this.#options;
    const { editing, answering, draft } = this.#state;
    const closed = this.#writing === "closed";
    composer.setText(closed ? "" : (editing?.text ?? draft));
    if (closed || (editing === undefined && answering === undefined)) composer.setStrip("", "");
    else if (editing !== undefined) composer.setStrip("edit", texts.editing, true);
    else if (answering !== undefined) composer.setStrip("reply", texts.answering(answering.from, answering.text));
  }

  typed(text: string): void {
    const { host, composer, drafts } = this.#options;
    const { editing } = this.#state;
    if (text.length > maxDraft) composer.setProblem(texts.draftTooLong);
    if (editing === undefined) drafts.typed(text);
    else host.setState({ editing: { ...editing, text } });
  }

  answer({ seq, from, text }: ChatMessage): void {
    this.#options.host.setState({ answering: { seq, from, text: shortened(text) }, editing: undefined });
    this.show();
    this.#options.composer.focus();
  }

  edit({ mid, text }: ChatMessage): void {
    this.#options.host.setState({ editing: { mid, text } });
    this.show();
    this.#options.composer.focus();
  }

  cancel(): boolean {
    const { editing, answering } = this.#state;
    if (editing === undefined && answering === undefined) return false;
    this.#options.host.setState(editing === undefined ? { answering: undefined } : { editing: undefined });
    if (editing !== undefined) this.#changes.takeBack();
    this.show();
    return true;
  }

  /** True where something is on its way now. */
  send(): boolean {
    const { host, composer, draw, drafts } = this.#options;
    const { account, editing, answering, draft: text } = this.#state;
    if (this.#writing !== "open" || account === undefined) return false;
    if ((editing?.text ?? text).length > maxPanelText) {
      composer.setProblem(`${texts.tooLong} ${texts.kept}`);
      return false;
    }
    if (editing !== undefined) return this.#saveEdit(editing);
    const ticket = crypto.randomUUID();
    const next = sending(this.#state, ticket, Date.now());
    if (next === undefined) return false;
    host.setState({ ...next, answering: undefined });
    this.show();
    host.post({ kind: "send", ticket, text, account, ...(answering && { answers: answering.seq }) });
    drafts.keep("");
    drafts.flush();
    setTimeout(() => {
      if (this.#state.pending.length > 0) draw();
    }, patienceMs + 50);
    return true;
  }

  settle({ ticket, outcome, reason, passing }: Extract<ToPanel, { kind: "settled" }>, loaded: boolean): void {
    const { host } = this.#options;
    if (!this.#state.pending.some((each) => each.ticket === ticket)) {
      if (outcome !== "unknown") this.#settleShelved(ticket, outcome);
      return;
    }
    if (outcome === "stored") host.setState(stored(this.#state, ticket));
    else if (outcome === "refused") this.#putBack(ticket, `${reason ?? ""} ${texts.kept}`.trim(), passing);
    else if (loaded) this.#settleDoubtful(ticket);
    else this.#doubtful.push(ticket);
  }

  /** The history is there and tells what became of doubtful texts and changes. */
  loaded(): void {
    for (const ticket of this.#doubtful.splice(0)) this.#settleDoubtful(ticket);
    if (this.#changes.compare(this.#options.messages())) this.show();
  }

  edited(message: Extract<ToPanel, { kind: "edited" }>): void {
    if (!this.#changes.settle(message) || this.#writing === "closed") return;
    this.show();
    if (message.refused === undefined) return;
    this.#options.composer.setProblem(`${message.refused} ${texts.kept}`, message.passing);
  }

  /** What is on its way for so long that it should be seen, as messages behind the last one. */
  onTheirWay(): readonly ChatMessage[] {
    const messages = this.#options.messages();
    const last = messages.at(-1)?.seq ?? 0;
    const pending = this.#writing === "closed" ? [] : this.#state.pending;
    return pending
      .filter(({ atMs, ticket }) => Date.now() - atMs >= patienceMs && !this.#doubtful.includes(ticket))
      .filter(({ ticket }) => !isStored(ticket, messages))
      .map(({ ticket, text, atMs }, index): ChatMessage => ({
        conversation: this.#state.conversation,
        seq: last + (index + 1) / 1_000, // no position of the history, so that nobody asks for it by that
        mid: ticket,
        from: texts.you,
        own: true,
        text,
        sentAtMs: atMs,
        state: "sending",
      }));
  }

  #saveEdit(editing: NonNullable<Host["state"]["editing"]>): boolean {
    if (editing.text.trim() === "") return false;
    const stored = this.#options.messages().find((each) => each.mid === editing.mid);
    this.#changes.save(editing, stored?.text);
    this.show();
    return false;
  }

  /** It was sent by an account that has left since. */
  #settleShelved(ticket: string, outcome: "stored" | "refused"): void {
    const settled = outcome === "stored" ? stored : refused;
    this.#options.host.setState({ shelved: this.#state.shelved?.map((each) => settled(each, ticket)) });
  }

  #settleDoubtful(ticket: string): void {
    if (!this.#state.pending.some((each) => each.ticket === ticket)) return; // the host told meanwhile
    if (isStored(ticket, this.#options.messages())) this.#options.host.setState(stored(this.#state, ticket));
    else this.#putBack(ticket, texts.doubtful);
  }

  #putBack(ticket: string, problem: string, passing = false): void {
    const { host, composer, drafts } = this.#options;
    host.setState(refused(this.#state, ticket));
    drafts.keep(this.#state.draft);
    if (this.#writing === "closed") return;
    this.show();
    composer.setProblem(problem, passing);
  }
}
