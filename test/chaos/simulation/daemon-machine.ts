// One device of a person: the real daemon on a simulated machine, assembled as in daemon.ts, without the socket for windows
// and the hosted server. A window that shows everything is the person's screen.

import type { Log } from "../../../base/log.ts";
import type { History } from "../../../daemon/history/history.ts";
import { AccountSession } from "../../../daemon/account/account-session.ts";
import { Views } from "../../../daemon/windows/views.ts";
import type { Device } from "../../../base/home/device.ts";
import { Identity } from "../../../daemon/identity/installation.ts";
import type { StoredSession } from "../../../daemon/identity/installation.ts";
import type { IncomingMessage } from "../../../daemon/core/inputs.ts";
import { outboxSize } from "../../../daemon/core/outbox.ts";
import { ContactSync } from "../../../daemon/contacts/contact-sync.ts";
import { failure } from "../../../protocol/errors.ts";
import { Pulse } from "../../../daemon/lifetime/pulse.ts";
import type { Pin } from "../../../protocol/pin.ts";
import { createEffectHandlers } from "../../../daemon/engine/effect-handlers.ts";
import { Engine } from "../../../daemon/engine/engine.ts";
import { plainConnector } from "../../support/plain-connector.ts";
import type { Chance } from "./chance.ts";
import { OwnLinks } from "./direct-links.ts";
import type { Way } from "./direct-links.ts";
import { DiskFull } from "./disk.ts";
import type { SimulatedDisk } from "./disk.ts";
import { opensOn } from "./history-files.ts";
import type { Machine, Process } from "./machine.ts";
import type { Screen } from "./screen.ts";

export const serverText = "10.0.0.1:8765";

export interface DaemonParts {
  readonly machine: Machine;
  readonly chance: Chance;
  readonly log: Log;
  readonly screen: Screen;
  readonly user: string;
}

/** The identity's two small files; each is replaced as a whole, so a crash leaves the old or the new one. */
class SimulatedIdentity extends Identity {
  readonly #disk: SimulatedDisk;
  readonly #name: string;

  constructor(disk: SimulatedDisk, name: string) {
    super(name);
    this.#disk = disk;
    this.#name = name;
  }

  override own(): Device {
    return { id: `device ${this.#name}`, folder: this.#name, note: undefined, isNew: false };
  }

  override session(): StoredSession | undefined {
    const text = this.#disk.files.get("session");
    return text === undefined ? undefined : (JSON.parse(text) as StoredSession);
  }

  override keepSession(session: StoredSession): void {
    if (!this.#disk.machine.runs) return;
    if (this.#disk.full) throw new DiskFull();
    this.#disk.files.set("session", JSON.stringify(session));
  }

  override endSession(): void {
    const known = this.session();
    if (known?.token === undefined) return;
    if (this.#disk.full) this.#disk.files.delete("session");
    else this.keepSession({ account: known.account });
  }
}

export class DaemonMachine {
  readonly machine: Machine;
  readonly user: string;
  readonly screen: Screen;
  readonly #parts: DaemonParts;
  #engine: Engine | undefined;
  #keeper: AccountSession | undefined;
  #people: ContactSync | undefined;
  #mids = 0;
  /** Of the current process. */
  links = new OwnLinks();

  constructor(parts: DaemonParts) {
    this.#parts = parts;
    this.machine = parts.machine;
    this.user = parts.user;
    this.screen = parts.screen;
  }

  get name(): string {
    return this.machine.name;
  }

  get state(): Engine["state"] | undefined {
    return this.machine.runs ? this.#engine?.state : undefined;
  }

  get history(): History | undefined {
    return this.machine.runs ? this.#engine?.history : undefined;
  }

  /** Messages that wait for the server. */
  get waiting(): number {
    return this.state ? outboxSize(this.state.outbox) : 0;
  }

  start(): void {
    this.#engine = this.#keeper = this.#people = undefined;
    this.machine.start((process) => this.#begin(process));
  }

  crash(): void {
    this.machine.crash();
    this.screen.closed();
  }

  /** Stops as on request. */
  stop(): void {
    this.machine.run(() => this.#keeper?.dispose());
    this.machine.run(() => this.crash());
  }

  signIn(): void {
    const { user } = this;
    this.machine.run(() => void this.#keeper?.signIn({ server: serverText, user, password: `pw ${user}` }));
  }

  signOut(): void {
    this.machine.run(() => void this.#keeper?.signOut());
  }

  send(to: string | undefined, text: string): void {
    const mid = `${this.name}.${(this.#mids += 1)}`;
    const conversation = to === undefined ? "everyone" : (`user:${to}` as const);
    this.machine.run(() => this.#engine?.execute({ kind: "send", conversation, text, mid }));
  }

  /** Adds a reaction to a message of that conversation, or removes it. */
  react(to: string, seq: number, emoji: string, on: boolean): void {
    const mid = `${this.name}.${(this.#mids += 1)}`;
    const conversation = `user:${to}` as const;
    this.machine.run(() => this.#engine?.execute({ kind: "reaction", conversation, seq, emoji, on, mid }));
  }

  setBlocked(user: string, blocked: boolean): void {
    this.machine.run(() => void this.#people?.setBlocked(user, blocked));
  }

  /** Reports that a direct link to that person is up, or (without `way`) down. */
  linked(user: string, number: number, way: Way | undefined): void {
    if (way) this.links.put(user, number, way);
    else if (!this.links.remove(user, number)) return;
    this.#engine?.dispatch({ kind: "direct", conversation: `user:${user}`, link: way && number });
  }

  /** Receives a message on a direct link; `accept` follows once it is stored. */
  told(message: IncomingMessage, accept: () => void): void {
    this.#engine?.receive(message, accept);
  }

  /** @param via the key of the direct link on which it arrived */
  heardRead(from: string, upTo: string, via: Pin): void {
    this.#engine?.dispatch({ kind: "read", from, upTo, via });
  }

  readAll(from: string): void {
    const conversation = `user:${from}` as const;
    const upTo = Number.MAX_SAFE_INTEGER;
    this.machine.run(() => this.#engine?.execute({ kind: "markRead", conversation, upTo }));
  }

  #begin(process: Process): void {
    const { machine, chance, log, screen } = this.#parts;
    const { clock } = process;
    const random = (): number => chance.next();
    const views = new Views();
    const links = (this.links = new OwnLinks());
    const link = (): AccountSession["link"] => keeper.link;
    const performers = createEffectHandlers({
      ...{ views, link, direct: links },
      occur: (occurrence) => engine.dispatch(occurrence),
      turnedUp: (name) => void people.turnedUp(name),
    });
    const onStepFailure = (error: unknown): void => {
      keeper.stepFailed(error);
      links.endAll("nothing can be stored");
    };
    const engine = new Engine({ clock, random, log, performers, onStepFailure });
    const people = new ContactSync({
      ...{ engine, clock, log, link },
      onRequest: (push) => push.refuse(failure("denied", "This client does not take direct connections.")),
      onTyping: () => undefined,
    });
    const keeper = new AccountSession({
      ...{ engine, clock, pulse: new Pulse(clock), random, log },
      openHistory: opensOn(machine.disk),
      keyOf: () => undefined,
      onOpened: () => undefined,
      onClosing: () => Promise.resolve(),
      connector: plainConnector(clock),
      identity: new SimulatedIdentity(machine.disk, machine.name),
      client: { device: `device ${machine.name}`, name: "chat-room/simulated" },
      announce: (text) => views.announce(text),
      onEntered: () => undefined,
      onLeft: () => links.endAll("signed out"),
      onConnected: (connected) => void people.refresh(connected),
      onPush: (push) => people.pushed(push),
    });
    views.add(screen.view(() => process.alive));
    this.#engine = engine;
    this.#keeper = keeper;
    this.#people = people;
    engine.execute({ kind: "window", window: screen.id, report: { focused: false, visible: [], tells: true } });
    void keeper.resume();
  }
}
