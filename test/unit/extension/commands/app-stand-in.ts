// What commands depend on, without VS Code: a person who answers from a list, and a daemon with scripted answers.

import { attachmentOfText } from "../../../../extension/chat/attachment-block.ts";
import { Credentials } from "../../../../extension/account/credentials.ts";
import type { AppContext } from "../../../../extension/commands/app-context.ts";
import type {
  back,
  Choice,
  Confirmation,
  Decision,
  Finder,
  InputRequest,
  Offer,
  Prompter,
} from "../../../../extension/ui/prompter-port.ts";
import { ConsentRequestStore } from "../../../../extension/daemon-client/consent-requests.ts";
import { SessionStore } from "../../../../extension/daemon-client/session-store.ts";
import { settingsOf } from "../../../../extension/settings/definitions.ts";
import type { Settings } from "../../../../extension/settings/definitions.ts";
import { findContact, inspectServer, signIn, snapshot } from "../../../../protocol/api/session.ts";
import { send } from "../../../../protocol/conversations/kinds/text.ts";
import { failure } from "../../../../protocol/errors.ts";
import { connectedSession, DaemonStandIn, message, person, settled, noTimer, silentLog } from "../stand-ins.ts";

/** Answers questions from a list, in order, and records all questions and notifications. */
class PromptScript implements Prompter {
  readonly answers: (string | typeof back | undefined)[] = [];
  readonly questions: InputRequest[] = [];
  readonly told: string[] = [];
  /** The buttons of each notification. */
  readonly buttons: string[][] = [];
  readonly mentioned: string[] = [];
  readonly confirmed: string[] = [];
  readonly decided: Decision[] = [];
  /** The choices of the last list. */
  offered: readonly Choice<unknown>[] = [];
  /** Buttons to press in the next decisions, in order. */
  readonly decisions: (string | undefined)[] = [];
  /** Text to type into the next finder. */
  sought = "";
  agrees = false;
  press: string | undefined;
  /** Until it settles, nothing is pressed. */
  hold: Promise<string | undefined> | undefined;
  pick: string | undefined;
  /** Labels to choose in the next lists, in order; then `pick`. */
  readonly picks: string[] = [];
  /** The titles of all lists. */
  readonly lists: string[] = [];

  ask(question: InputRequest): Promise<string | typeof back | undefined> {
    this.questions.push(question);
    return Promise.resolve(this.answers.shift());
  }
  choose<T>(offer: Offer<T>): Promise<T | undefined> {
    this.offered = offer.choices;
    this.lists.push(offer.title);
    const pick = this.picks.shift() ?? this.pick;
    const found = offer.choices.find((each) => each.label === pick);
    return Promise.resolve((found ?? (pick === undefined ? undefined : offer.typed?.(pick)))?.value);
  }
  tell(_tone: string, text: string, ...buttons: string[]): Promise<string | undefined> {
    this.told.push(text);
    this.buttons.push(buttons);
    return this.hold ?? Promise.resolve(this.press);
  }
  confirm({ text, detail }: Confirmation): Promise<boolean> {
    this.confirmed.push(`${text} ${detail}`);
    return Promise.resolve(this.agrees);
  }
  async find<T>(finder: Finder<T>): Promise<T | undefined> {
    const found = await finder.find(this.sought);
    this.offered = found;
    return found[0]?.value;
  }
  decide(decision: Decision): Promise<string | undefined> {
    this.decided.push(decision);
    return Promise.resolve(this.decisions.shift());
  }
  busy<T>(_text: string, work: () => Promise<T>): Promise<T> {
    return work();
  }
  mention(text: string): void {
    this.mentioned.push(text);
  }
}

/** The pin of the server that everyone knows. */
export const rightPin = "A".repeat(43);

export const settings: Settings = { ...settingsOf(() => undefined), server: "default:1" };

/** Creates the context with a signed-in daemon, alice, and Mallory, who is blocked. */
export async function withApp() {
  const daemon = new DaemonStandIn();
  daemon.answer(snapshot, () => ({
    ok: true,
    session: connectedSession,
    contacts: [person("alice"), person("Mallory", { conversation: "user:mallory", blocked: true })],
  }));
  daemon.answer(inspectServer, ({ server }) => ({ ok: true, server, pin: rightPin, trust: "trusted" as const }));
  daemon.answer(signIn, ({ server, user, password }) =>
    password === "right" ? { ok: true, account: { server, user } } : failure("bad_credentials"),
  );
  daemon.answer(findContact, ({ user }) =>
    user === "Zoe" ? { ok: true, contact: person("zoe") } : failure("no_such_user"),
  );
  daemon.answer(send, ({ text }) => ({ ok: true, message: message(1, { own: true, text }) }));
  const store = new SessionStore(daemon, silentLog, noTimer);
  await settled();
  const memory = new Map<string, unknown>();
  const secrets = new Map<string, string>();
  const credentials = new Credentials(
    {
      get: (key) => memory.get(key),
      update: (key, value) => Promise.resolve(void memory.set(key, value)),
    },
    {
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => Promise.resolve(void secrets.set(key, value)),
      delete: (key) => Promise.resolve(void secrets.delete(key)),
    },
  );
  const prompter = new PromptScript();
  const opened: [string, string][] = [];
  const openedAt: unknown[] = [];
  const chosenInPanel: unknown[] = [];
  const copied: string[] = [];
  let filter = "";
  /** The selection in the text editor. */
  const selected = "let a;";
  const app: AppContext = {
    daemon,
    store,
    credentials,
    prompter,
    settings: () => settings,
    questions: new ConsentRequestStore(daemon),
    contactsFilter: { get: () => filter, set: (text) => (filter = text) },
    openPanel: (id, name, at) => {
      opened.push([id, name]);
      openedAt.push(at);
    },
    chooseInPanel: (...given) => chosenInPanel.push(given),
    selection: () => attachmentOfText(selected),
    showLog: () => undefined,
    copy: (text) => Promise.resolve(void copied.push(text)),
    about: () => ({ editor: "Code 1.106.0", extension: "0.1.0", build: 10, platform: "linux x64" }),
  };
  return { daemon, store: store, app: app, prompter, opened, openedAt, chosenInPanel, copied, credentials, secrets };
}

export const account = { server: "s:1", user: "bob" };
