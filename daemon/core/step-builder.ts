// Builds the next state during a step. Only `reduce` creates one, and it is never passed outside: seen from outside, a step
// is a pure function. Maps are copied once per step, on the first change, so that a batch of a thousand messages copies them
// once.

import { isEveryone, nameInId } from "../../protocol/conversations/conversation-id.ts";
import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent, EventState } from "../../protocol/conversations/event.ts";
import type { Failure } from "../../protocol/errors.ts";
import { namesPerson } from "../../protocol/text/mentions.ts";
import type { CommandOutcome, Effect, Step, Write } from "./effects.ts";
import { chooseWindow } from "./notification-policy.ts";
import type { Windows } from "./notification-policy.ts";
import { settle, takeSendable } from "./outbox.ts";
import type { LinkNumbers, Outbox } from "./outbox.ts";
import type { StepContext } from "./ports.ts";
import { StepEvents } from "./step-events.ts";
import { contactView, isShown, withNewest } from "./contact-views.ts";
import { newContact, waysOf } from "./state.ts";
import type { ContactState, LastReaction, ActiveAccount, State } from "./state.ts";

type Reaction = Pick<LastReaction, "emoji" | "from">;

export class StepBuilder {
  readonly context: StepContext;
  session: State["session"];
  me: ActiveAccount | undefined;
  outbox: Outbox;
  links: LinkNumbers;
  windows: Windows;
  tellsRead: boolean;
  doNotDisturb: boolean;
  /** The events as they are at this point of the step. */
  readonly events: StepEvents;
  outcome: CommandOutcome = { ok: true };

  #arrivals: number;
  readonly #before: State;
  #contacts: Map<ConversationId, ContactState> | undefined;
  readonly #writes: Write[] = [];
  readonly #effects: Effect[] = [];
  readonly #changed = new Set<ConversationId>();
  readonly #removed = new Set<ConversationId>();
  readonly #emptied = new Set<ConversationId>();
  /**
   * Candidates for a notification: per conversation the newest message that mentions the person, otherwise the newest
   * message.
   */
  readonly #news = new Map<ConversationId, { readonly message: ChatMessage; readonly named: boolean }>();

  /** Per conversation, the newest reaction to a message of this person. */
  readonly #reactions = new Map<ConversationId, { readonly message: ChatMessage; readonly reaction: Reaction }>();

  constructor(state: State, context: StepContext) {
    this.#before = state;
    this.context = context;
    this.session = state.session;
    this.me = state.me;
    this.outbox = state.outbox;
    this.links = state.links;
    this.windows = state.windows;
    this.tellsRead = state.tellsRead;
    this.doNotDisturb = state.doNotDisturb;
    this.#arrivals = state.arrivals;
    this.events = new StepEvents(context.history);
  }

  get contacts(): ReadonlyMap<ConversationId, ContactState> {
    return this.#contacts ?? this.#before.contacts;
  }

  contact(conversation: ConversationId): ContactState | undefined {
    return this.contacts.get(conversation);
  }

  contactOrNew(conversation: ConversationId, name: string): ContactState {
    return this.contact(conversation) ?? newContact(conversation, name);
  }

  /** Sets a contact; what views see of it may have changed. */
  put(contact: ContactState): void {
    this.#contacts ??= new Map(this.#before.contacts);
    this.#contacts.set(contact.conversation, contact);
    this.#changed.add(contact.conversation);
    this.#removed.delete(contact.conversation);
  }

  /** As `put`, and also stores the contact for after a restart. */
  store(contact: ContactState): void {
    const { conversation, name, blocked, muted, readSeq, readMarkSentSeq } = contact;
    this.put({ ...contact, stored: true });
    this.write({ kind: "contact", conversation, name, blocked, muted, readSeq, readMarkSentSeq });
  }

  remove(conversation: ConversationId): void {
    this.#contacts ??= new Map(this.#before.contacts);
    if (!this.#contacts.delete(conversation)) return;
    this.#changed.delete(conversation);
    this.#removed.add(conversation);
  }

  replaceContacts(contacts: readonly ContactState[]): void {
    for (const conversation of this.contacts.keys()) this.remove(conversation);
    for (const contact of contacts) this.put(contact);
    this.#arrivals = Math.max(0, ...contacts.map((each) => each.lastArrival ?? 0));
  }

  write(write: Write): void {
    this.#writes.push(write);
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Refuses the command. */
  refuse(failure: Failure): void {
    this.outcome = failure;
  }

  /** Adds a change of a message: an event that has no place in the conversation. */
  addEvent(event: ConversationEvent): void {
    this.write({ kind: "event", event });
    this.events.add(event);
  }

  addMessage(message: ChatMessage): void {
    const { conversation, mid, from, text, sentAtMs, quote } = message;
    const event: ConversationEvent = {
      ...{ conversation, mid, from, kind: quote ? "reply" : "text", body: text, sentAtMs },
      state: message.own ? "sending" : "received",
      ...(quote && { target: quote.mid }),
    };
    this.write({ kind: "event", event, message });
    this.events.add(event, message);
  }

  /** Stores a new state of a message, with its reason and route. */
  changeMessage(message: ChatMessage): void {
    const { from, mid, state, failure, via } = message;
    this.write({ kind: "state", from, mid, state, ...(failure && { failure }), ...(via !== undefined && { via }) });
    this.events.show(message);
  }

  /** Stores a new state of a change. */
  changeState(event: ConversationEvent, state: EventState): void {
    const { from, mid } = event;
    this.write({ kind: "state", from, mid, state });
    this.events.changeState(event, state);
  }

  /** Returns the contact with a message that was just received or written as its newest. */
  arrived(contact: ContactState, message: ChatMessage): ContactState {
    this.#arrivals += 1;
    const newest = withNewest(contact, message);
    return { ...newest, lastReaction: undefined, unheard: false, lastArrival: this.#arrivals };
  }

  /** Discards everything of that conversation that this step would show or notify about. */
  empty(conversation: ConversationId): void {
    this.#emptied.add(conversation);
    this.#news.delete(conversation);
    this.#reactions.delete(conversation);
  }

  tellAbout(message: ChatMessage): void {
    const named = namesPerson(message.text, this.me?.account.user ?? "");
    if (named || this.#news.get(message.conversation)?.named !== true) {
      this.#news.set(message.conversation, { message, named });
    }
  }

  tellOfReaction(message: ChatMessage, reaction: Reaction): void {
    this.#reactions.set(message.conversation, { message, reaction });
  }

  /** Discards the noted reaction, because it was removed. */
  forgetReaction(conversation: ConversationId): void {
    this.#reactions.delete(conversation);
  }

  /** Sends the entries of the outbox that may be sent. While the history is closed they cannot be read, and wait. */
  dispatchReady(): void {
    if (!this.context.history.isOpen) return;
    while (!this.#transmitReady());
  }

  /** @returns false if an entry was skipped, so that the one behind it may be sent instead */
  #transmitReady(): boolean {
    const { outbox, sendable } = takeSendable(this.outbox, waysOf(this), this.context.monotonicMs);
    this.outbox = outbox;
    let isDone = true;
    for (const { conversation, entry, link } of sendable) {
      const { mid } = entry;
      const event = this.me && this.events.onWire(mid, this.me.key);
      if (!event) {
        // Removed, or unreadable here: no answer would ever come. The row stays for a version that can read it.
        this.outbox = settle(this.outbox, conversation);
        isDone = false;
        continue;
      }
      const to = isEveryone(conversation) ? undefined : this.contactOrNew(conversation, nameInId(conversation)).name;
      this.effect({ kind: "transmit", conversation, mid, to, link, event });
    }
    return isDone;
  }

  finish(): Step {
    const state: State = {
      session: this.session,
      me: this.me,
      contacts: this.contacts,
      arrivals: this.#arrivals,
      outbox: this.outbox,
      links: this.links,
      windows: this.windows,
      tellsRead: this.tellsRead,
      doNotDisturb: this.doNotDisturb,
    };
    const effects = [...this.#effects];
    if (this.session !== this.#before.session) effects.push({ kind: "sessionChanged", session: this.session });
    for (const conversation of this.#emptied) effects.push({ kind: "historyChanged", conversation });
    // Messages first: a person who has the chat open is waiting for them.
    const messages = this.events.shown;
    if (messages.length > 0) effects.push({ kind: "messagesChanged", messages });
    const changed: Contact[] = [];
    const removed = [...this.#removed];
    for (const conversation of this.#changed) {
      const contact = state.contacts.get(conversation);
      if (contact && isShown(contact)) changed.push(contactView(state, contact));
      else if (contact) removed.push(conversation);
    }
    if (changed.length + removed.length > 0) effects.push({ kind: "contactsChanged", changed, removed });
    for (const { message, named } of this.#news.values()) effects.push(...this.#tell(state, message, named));
    for (const [conversation, { message, reaction }] of this.#reactions) {
      if (!this.#news.has(conversation)) effects.push(...this.#tell(state, message, false, reaction));
    }
    return { state, writes: this.#writes, effects, outcome: this.outcome };
  }

  #tell(state: State, message: ChatMessage, named: boolean, reaction?: Reaction): Effect[] {
    if (state.doNotDisturb) return [];
    const news = reaction ? "reaction" : named ? "named" : "message";
    const window = chooseWindow(state.windows, message.conversation, news);
    if (window === undefined) return [];
    const by = reaction?.from ?? message.from;
    const title = isEveryone(message.conversation) ? `${by} to everyone` : by;
    return [{ kind: "tell", window, message, title, named, ...(reaction && { reaction }) }];
  }
}
