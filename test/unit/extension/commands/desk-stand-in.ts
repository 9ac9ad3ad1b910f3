// What the commands work with, without VS Code: a person who answers from a list, and a daemon that answers as told.

import { Credentials } from "../../../../extension/account/credentials.ts";
import type { Desk } from "../../../../extension/commands/desk.ts";
import type { back } from "../../../../extension/prompter-port.ts";
import type { Confirmation, Offer, Prompter, Question } from "../../../../extension/prompter-port.ts";
import { Room } from "../../../../extension/room.ts";
import { findContact, inspectServer, send, signIn, snapshot } from "../../../../protocol/editor/requests.ts";
import { failure } from "../../../../protocol/errors.ts";
import { connectedSession, DaemonStandIn, message, person, settled, silentLog } from "../stand-ins.ts";

/** Answers questions from a list, in their order, and records all that was asked and told. */
class PersonStandIn implements Prompter {
  readonly answers: (string | typeof back | undefined)[] = [];
  readonly questions: Question[] = [];
  readonly told: string[] = [];
  readonly mentioned: string[] = [];
  readonly confirmed: string[] = [];
  agrees = false;
  press: string | undefined;
  pick: string | undefined;

  ask(question: Question): Promise<string | typeof back | undefined> {
    this.questions.push(question);
    return Promise.resolve(this.answers.shift());
  }
  choose<T>(offer: Offer<T>): Promise<T | undefined> {
    const found = offer.choices.find((each) => each.label === this.pick);
    return Promise.resolve((found ?? (this.pick === undefined ? undefined : offer.typed?.(this.pick)))?.value);
  }
  tell(_tone: string, text: string): Promise<string | undefined> {
    this.told.push(text);
    return Promise.resolve(this.press);
  }
  confirm({ text, detail }: Confirmation): Promise<boolean> {
    this.confirmed.push(`${text} ${detail}`);
    return Promise.resolve(this.agrees);
  }
  mention(text: string): void {
    this.mentioned.push(text);
  }
}

/** Of the server that everybody knows. */
export const rightPin = "A".repeat(43);

/** A desk in front of a daemon that is signed in, with alice, and Mallory who is blocked. */
export async function atDesk() {
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
  const room = new Room(daemon, silentLog);
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
  const prompter = new PersonStandIn();
  const opened: [string, string][] = [];
  const desk: Desk = {
    daemon,
    room,
    credentials,
    prompter,
    settings: () => ({ server: "default:1", notifications: true }),
    openPanel: (id, name) => opened.push([id, name]),
    showLog: () => undefined,
    copy: () => Promise.resolve(),
  };
  return { daemon, room, desk, prompter, opened, credentials, secrets };
}

export const account = { server: "s:1", user: "bob" };
