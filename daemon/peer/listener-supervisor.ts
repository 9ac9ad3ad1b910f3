// Keeps the listener as the settings and the network require, from when it is first needed. A port that nobody uses would
// only raise a firewall prompt and be open to attack. Knows what to announce to the server.

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
  /** The addresses of this machine are checked at each beat while it listens. */
  readonly pulse: Pulse;
  readonly log: Log;
  identity(): Promise<TlsIdentity>;
  /** @param ownPin of the key that this daemon showed to the caller */
  readonly onCaller: (caller: PeerCaller, ownPin: Pin) => void;
  /** Called when the announcement has changed. */
  onChanged(): void;
  /** For tests. */
  readonly interfaces?: () => Interfaces;
}

export class ListenerSupervisor {
  readonly #options: ListenerSupervisorOptions;
  #settings: DirectSettings = { mode: "off", interfaces: [], port: 0 };
  #listener: PeerListener | undefined;
  #announced: ListenerAddress | undefined;
  #addressChecks: Disposable | undefined;
  /** Whether direct links are in use, so that it should listen. */
  #isNeeded = false;
  #hosts = "";
  /** Why it could not listen at the last attempt. */
  #lastError: string | undefined;
  /** Serializes opening and closing. */
  readonly #mutex = new Mutex();
  #disposed = false;

  constructor(options: ListenerSupervisorOptions) {
    this.#options = options;
  }

  get announcement(): ListenerAddress | undefined {
    return this.#announced;
  }

  /**
   * Listens as the settings say from now on, if it is needed. If that fails, it listens nowhere. Switching off also resets
   * the need.
   * @returns why it cannot listen this way, if it tried
   */
  async apply(settings: DirectSettings): Promise<{ readonly ok: true } | Failure> {
    return await this.#mutex.runExclusive(async () => {
      if (settings.mode === "off") this.#isNeeded = false;
      return await this.#apply(settings);
    });
  }

  /** Listens from now on, until it is switched off. @returns why it cannot */
  async open(): Promise<{ readonly ok: true } | Failure> {
    return await this.#mutex.runExclusive(async () => {
      if (this.#settings.mode === "off") return { ok: true };
      this.#isNeeded = true;
      return await this.#apply(this.#settings);
    });
  }

  /** Accepts no more callers. Idempotent. */
  dispose(): void {
    this.#disposed = true;
    this.#addressChecks?.dispose();
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
    let failedWith: string | undefined;
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
        // Logged once per reason: it is retried for as long as the reason lasts.
        if (why !== this.#lastError) log.warn("takes no direct connections", { reason: why });
        failedWith = why;
        outcome = failure(
          "unavailable",
          `Direct connections cannot be taken: ${why}. Choose another port or interface.`,
        );
      }
    }
    this.#lastError = failedWith;
    this.#announce();
    this.#addressChecks?.dispose();
    this.#addressChecks = listens ? this.#options.pulse.follow({ onBeat: () => this.#checkAddresses() }) : undefined;
    return outcome;
  }

  /** If interfaces were chosen, it also listens on loopback, because that crosses no network. */
  #hostsOf({ interfaces }: DirectSettings): string[] {
    if (interfaces.length === 0) return [];
    return [...chosenAddresses(this.#interfaces(), interfaces), "127.0.0.1"];
  }

  /** Whether the addresses to listen on differ from the current ones. */
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

  /** Reacts to changed networks: a laptop moved, a VPN was switched on. */
  #checkAddresses(): void {
    // Uses the settings of when its turn comes: by then it may be switched off.
    if (this.#hasMoved(this.#settings) || !this.#listener)
      void this.#mutex.runExclusive(() => this.#apply(this.#settings));
    else this.#announce();
  }

  #interfaces(): Interfaces {
    return machineInterfaces(this.#options.interfaces);
  }
}
