// Keeps the listener as the settings and the network want it, from when it is needed on: a port that nobody uses is a question
// of the firewall and a door for nothing. Knows what the server is to be told of it.

import type { Clock } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Log } from "../../base/log.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { messageOf } from "../../base/error-message.ts";
import type { ListenerAddress } from "../connection/sign-in.ts";
import type { Pulse } from "../lifetime/pulse.ts";
import { Mutex } from "../engine/mutex.ts";
import { candidateAddresses, chosenAddresses, machineInterfaces } from "./local-addresses.ts";
import type { Interfaces } from "./local-addresses.ts";
import { PeerListener } from "./peer-listener.ts";
import type { PeerCaller } from "./peer-listener.ts";
import type { Pin } from "../../protocol/pin.ts";
import type { DirectSettings } from "./direct-settings.ts";

export interface ListenerSupervisorOptions {
  readonly clock: Clock;
  /** At each beat the addresses of this machine are looked at, while it listens. */
  readonly pulse: Pulse;
  readonly log: Log;
  identity(): Promise<TlsIdentity>;
  /** @param ownPin of the key that was shown to it */
  readonly onCaller: (caller: PeerCaller, ownPin: Pin) => void;
  /** The announcement is another one than before. */
  onChanged(): void;
  /** For tests. */
  readonly interfaces?: () => Interfaces;
}

export class ListenerSupervisor {
  readonly #options: ListenerSupervisorOptions;
  #settings: DirectSettings = { mode: "off", interfaces: [], port: 0 };
  #listener: PeerListener | undefined;
  #announced: ListenerAddress | undefined;
  #look: Disposable | undefined;
  /** Somebody needs it. */
  #isNeeded = false;
  #hosts = "";
  /** Why it could not listen when it last tried. */
  #trouble: string | undefined;
  /** Openings and closings, one after the other. */
  readonly #turns = new Mutex();
  #disposed = false;

  constructor(options: ListenerSupervisorOptions) {
    this.#options = options;
  }

  get announcement(): ListenerAddress | undefined {
    return this.#announced;
  }

  /**
   * Listens as that says from now on, if it is needed; where that fails, nowhere. Switched off, it is not needed any more.
   * @returns why it cannot listen so, where it tried
   */
  async apply(settings: DirectSettings): Promise<{ readonly ok: true } | Failure> {
    return await this.#turns.runExclusive(async () => {
      if (settings.mode === "off") this.#isNeeded = false;
      return await this.#apply(settings);
    });
  }

  /** Listens from now on, until it is switched off. @returns why it cannot */
  async open(): Promise<{ readonly ok: true } | Failure> {
    return await this.#turns.runExclusive(async () => {
      if (this.#settings.mode === "off") return { ok: true };
      this.#isNeeded = true;
      return await this.#apply(this.#settings);
    });
  }

  /** Takes no more callers. Idempotent. */
  dispose(): void {
    this.#disposed = true;
    this.#look?.dispose();
    this.#listener?.dispose();
    this.#listener = undefined;
  }

  async #apply(settings: DirectSettings): Promise<{ readonly ok: true } | Failure> {
    const { clock, log, onCaller } = this.#options;
    const listens = settings.mode !== "off" && this.#isNeeded;
    const stays = listens && settings.port === this.#settings.port && !this.#hasMoved(settings);
    if (this.#listener && stays) {
      this.#settings = settings;
      this.#announce();
      return { ok: true };
    }
    this.#listener?.dispose();
    this.#listener = undefined;
    this.#settings = settings;
    if (this.#disposed) return { ok: true };
    let outcome: { readonly ok: true } | Failure = { ok: true };
    let trouble: string | undefined;
    if (listens) {
      const hosts = this.#hostsOf(settings);
      this.#hosts = hosts.join();
      try {
        const identity = await this.#options.identity();
        this.#listener = await PeerListener.open({
          ...{ hosts, port: settings.port, identity, clock },
          onCaller: (caller) => onCaller(caller, identity.pin),
        });
        log.info("takes direct connections", { port: this.#listener.port, at: this.#hosts });
      } catch (error) {
        const why = messageOf(error);
        // Once for each trouble: it is tried again for as long as it lasts.
        if (why !== this.#trouble) log.warn("takes no direct connections", { reason: why });
        trouble = why;
        outcome = failure(
          "unavailable",
          `Direct connections cannot be taken: ${why}. Choose another port or interface.`,
        );
      }
    }
    this.#trouble = trouble;
    this.#announce();
    this.#look?.dispose();
    this.#look = listens ? this.#options.pulse.follow({ onBeat: () => this.#lookAround() }) : undefined;
    return outcome;
  }

  /** Where interfaces were chosen, also at loopback: what comes there crosses no network. */
  #hostsOf({ interfaces }: DirectSettings): string[] {
    if (interfaces.length === 0) return [];
    return [...chosenAddresses(this.#interfaces(), interfaces), "127.0.0.1"];
  }

  /** Other addresses are to be listened at than are. */
  #hasMoved(settings: DirectSettings): boolean {
    return this.#hostsOf(settings).join() !== this.#hosts;
  }

  #announce(): void {
    const listener = this.#listener;
    const addresses = candidateAddresses(this.#interfaces(), this.#settings.interfaces);
    const next = listener && { port: listener.port, addresses };
    if (JSON.stringify(next) === JSON.stringify(this.#announced)) return;
    this.#announced = next;
    this.#options.onChanged();
  }

  /** A network came or went: a laptop moved, a VPN was switched on. */
  #lookAround(): void {
    // By what is wanted when its turn comes: that may be to take nobody any more.
    if (this.#hasMoved(this.#settings) || !this.#listener)
      void this.#turns.runExclusive(() => this.#apply(this.#settings));
    else this.#announce();
  }

  #interfaces(): Interfaces {
    return machineInterfaces(this.#options.interfaces);
  }
}
