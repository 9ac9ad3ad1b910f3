// What test/editor can access while VS Code runs the extension in test mode: the parts themselves, and a prompter that
// answers from the tests. None of this is reachable outside tests.

import type { Credentials } from "../account/credentials.ts";
import type { PanelManager } from "../chat/panel-manager.ts";
import type { ContactsView } from "../contacts/contacts-view.ts";
import type { Daemon } from "../daemon-client/port.ts";
import type { ConsentRequestStore } from "../daemon-client/consent-requests.ts";
import type { LinkHandler } from "../commands/uri-handler.ts";
import type { Choice, Confirmation, Decision, Finder, Offer, Prompter, InputRequest, Tone } from "./prompter-port.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";

export interface TestParts {
  readonly daemon: Daemon;
  readonly store: SessionStore;
  readonly panels: PanelManager;
  readonly contacts: ContactsView;
  readonly credentials: Credentials;
  readonly questions: ConsentRequestStore;
  readonly links: LinkHandler;
}

/** Replaces the person for as long as the tests want. */
export interface StandIn {
  answer(question: InputRequest): string | undefined;
  pick(labels: readonly string[], offer: { title: string }): string | undefined;
  press(tone: Tone, text: string, buttons: readonly string[]): string | undefined;
  confirm(confirmation: Confirmation): boolean;
  decide(decision: Decision): string | undefined;
  /** The text to search for. */
  seek(title: string): string | undefined;
}

export interface TestApi extends TestParts {
  /** From now on `standIn` answers; undefined: the person does again. */
  standIn(standIn: StandIn | undefined): void;
}

export interface TestHook {
  readonly prompter: Prompter;
  api(parts: TestParts): TestApi;
}

export function createTestApi(real: Prompter): TestHook {
  let current: StandIn | undefined;
  return {
    prompter: {
      ask: (question) => (current ? Promise.resolve(current.answer(question)) : real.ask(question)),
      choose: (offer) => (current ? Promise.resolve(chosen(current, offer)) : real.choose(offer)),
      tell: (tone, text, ...buttons) =>
        current ? Promise.resolve(current.press(tone, text, buttons)) : real.tell(tone, text, ...buttons),
      confirm: (confirmation) =>
        current ? Promise.resolve(current.confirm(confirmation)) : real.confirm(confirmation),
      find: (finder) => (current ? found(current, finder) : real.find(finder)),
      decide: (decision) => (current ? Promise.resolve(current.decide(decision)) : real.decide(decision)),
      busy: (text, work) => real.busy(text, work),
      mention: (text) => real.mention(text),
    },
    api: (parts) => ({
      ...parts,
      standIn: (standIn) => {
        current = standIn;
      },
    }),
  };
}

async function found<T>(standIn: StandIn, finder: Finder<T>): Promise<T | undefined> {
  const text = standIn.seek(finder.title) ?? finder.value;
  return text === undefined ? undefined : (await finder.find(text))[0]?.value;
}

function chosen<T>(standIn: StandIn, offer: Offer<T>): T | undefined {
  const labels = offer.choices.map((choice) => choice.label);
  const label = standIn.pick(labels, offer);
  const choice: Choice<T> | undefined = offer.choices.find((each) => each.label === label);
  return (choice ?? (label === undefined ? undefined : offer.typed?.(label)))?.value;
}
