// Direct talk as a whole: connects listener, consent, establisher and links for the account that is signed in. It is the
// interface for the rest of the daemon.

import { dirname, join } from "node:path";
import type { Timer } from "../../base/clock.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { limits } from "../../protocol/limits.ts";
import type { UserKey } from "../../protocol/ids.ts";
import type { Infer } from "../../protocol/validate.ts";
import { requestPush } from "../../protocol/wire/direct.ts";
import type { message, signal } from "../../protocol/wire/messages.ts";
import type { ParamsOf } from "../../protocol/wire/declare.ts";
import type { ReadAnswer } from "../../protocol/wire/envelope.ts";
import type { Pin } from "../../protocol/pin.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { Push } from "../connection/line-client.ts";
import type { ListenerAddress } from "../connection/sign-in.ts";
import { messageOf } from "../../base/error-message.ts";
import { LinkEstablisher } from "./link-establisher.ts";
import type { DirectLink, LinkEnd } from "./direct-link.ts";
import { ConsentPolicy } from "./consent-policy.ts";
import { serveUnauthenticatedPeer } from "./unauthenticated-peer.ts";
import { ListenerSupervisor } from "./listener-supervisor.ts";
import { Keys } from "./keys.ts";
import { textOf } from "./dial.ts";
import type { PeerCaller } from "./peer-listener.ts";
import { PeerLinks } from "./peer-links.ts";
import { ConsentRequests } from "./consent-requests.ts";
import { SettingsFile } from "./direct-settings.ts";
import type { DirectSettings } from "./direct-settings.ts";
import { NeverAsked } from "./never-asked.ts";
import { personOf } from "./direct-deps.ts";
import type { DirectDeps, Person } from "./direct-deps.ts";

/** After this time, a session whose daemon stopped has ended, or a new daemon has taken it over. */
const recheckAfterMs = limits.sessionSilenceMs + 5_000;

export class Direct {
  readonly keys: Keys;
  readonly links: PeerLinks;
  readonly connector: LinkEstablisher;
  readonly questions: ConsentRequests;
  readonly consent: ConsentPolicy;
  readonly #deps: DirectDeps;
  readonly #file: SettingsFile;
  readonly #host: ListenerSupervisor;
  readonly #unasked = new NeverAsked();
  #settings: DirectSettings;
  /** Timers until the server is asked whether somebody who went offline is back. */
  readonly #recheckTimers = new Map<UserKey, Timer>();

  /** @param home the person's private folder */
  constructor(deps: DirectDeps, home: string) {
    const { clock, log } = deps;
    this.#deps = deps;
    this.#file = new SettingsFile(home);
    this.#settings = this.#file.read();
    this.keys = new Keys(deps);
    this.links = new PeerLinks({
      clock,
      occur: (occurrence) => deps.occur(occurrence),
      onPush: (push, pin) => deps.pushed(push, pin),
      onUp: (link) => this.connector.linked(link),
      onDown: (link, end) => this.#down(link, end),
    });
    this.questions = new ConsentRequests(clock, (questions) => deps.questionsChanged(questions));
    this.connector = new LinkEstablisher({
      ...{ deps, keys: this.keys, links: this.links, consent: () => this.consent },
      listen: () => this.listen(),
    });
    this.consent = new ConsentPolicy({
      ...{ deps, keys: this.keys, questions: this.questions, settings: () => this.#settings, unasked: this.#unasked },
      isLinked: (user, pin) => this.links.of(user)?.pin === pin,
      wants: (user) => this.connector.wants(user),
      isAskBack: (user) => this.connector.isAskBack(user),
    });
    this.#host = new ListenerSupervisor({
      ...{ clock, pulse: deps.pulse, log, identity: () => deps.identity() },
      onCaller: (caller, ownPin) => this.#called(caller, ownPin),
      onChanged: () => void deps.reannounce(),
    });
  }

  isSelf(person: Person): boolean {
    return this.#deps.me()?.key === person.key;
  }

  get settings(): DirectSettings {
    return this.#settings;
  }

  /** What the server is told about the listener. */
  get announcement(): ListenerAddress | undefined {
    return this.#host.announcement;
  }

  /**
   * Opens direct talk for the account that is signed in now. The daemon listens at once if somebody may connect without
   * asking, otherwise from first use. Calling it again changes nothing.
   * @param keysPath the file with the keys of its contacts, in a private folder
   */
  open(keysPath: string): void {
    this.keys.open(keysPath);
    this.#openUnasked(join(dirname(keysPath), "unasked.json"));
    void this.#host.apply(this.#settings);
    if (this.keys.consents().length > 0) void this.#host.open();
  }

  /**
   * Starts listening because a direct link is wanted. Resolves once this daemon listens and the server knows where. If it
   * cannot listen, links can still be dialled from here.
   */
  async listen(): Promise<void> {
    await this.#host.open();
    await this.#deps.reannounce();
  }

  /** Closes direct talk after sign-out. Resolves once the peers have been told. */
  async close(): Promise<void> {
    this.connector.reset();
    this.consent.reset();
    const left = this.links.endAll("offline");
    for (const timer of this.#recheckTimers.values()) timer.dispose();
    this.#recheckTimers.clear();
    this.keys.close();
    this.#unasked.close();
    void this.#host.apply({ ...this.#settings, mode: "off" });
    await left;
  }

  /** Called when the daemon stops. */
  async dispose(): Promise<void> {
    this.#host.dispose();
    await this.close();
  }

  /** Handles the `request` push of the server [P-6.3]. */
  async requested(push: Push): Promise<void> {
    const params = requestPush.params.read(push.body, "");
    if (params instanceof Invalid) {
      push.refuse(failure("bad_request", `${params.reason}.`));
      return;
    }
    try {
      const agreed = await this.consent.introduced(params);
      if ("code" in agreed) {
        push.refuse(agreed);
        return;
      }
      // The server gives out the address it knows when it gets the yes [P-4.8].
      await this.listen();
      if (!this.#isStillAgreed(agreed)) {
        push.refuse(failure("denied"));
        return;
      }
      push.accept();
      if (agreed.pin !== undefined) void this.connector.connect(agreed.person);
    } catch (error) {
      this.#deps.log.error("request failed", { error: String(error) });
      push.refuse(failure("unavailable"));
    }
  }

  /** @returns undefined if that link is gone, or ended before the answer */
  async message(
    link: number,
    params: ParamsOf<typeof message>,
  ): Promise<ReadAnswer<Infer<typeof message.answer>> | undefined> {
    return await this.links.byId(link)?.message(params);
  }

  /** The key at the other end of that link. */
  pinOf(link: number): Pin | undefined {
    return this.links.byId(link)?.pin;
  }

  signal(link: number, params: ParamsOf<typeof signal>): void {
    this.links.byId(link)?.signal(params);
  }

  /** Ends all links, because what arrived on them could not be stored. The peers send it again. */
  interrupt(): void {
    this.links.destroyAll();
  }

  /** Ends the links of blocked contacts. After unblocking, this person is asked about them again. */
  contactsChanged(contacts: readonly Contact[]): void {
    for (const { blocked, name } of contacts) {
      const person = blocked ? personOf(name) : undefined;
      if (person) this.forget(person.key);
    }
  }

  /**
   * Voids every consent for that person and ends their link.
   * @throws if that cannot be stored; it applies in memory nevertheless
   */
  forget(user: UserKey): void {
    this.connector.cancel(user);
    this.consent.withdraw(user);
    void this.links.end(user, "closed");
    this.keys.revoke(user);
  }

  /** @returns why the listener cannot be opened this way; the setting is stored in any case */
  async set(settings: DirectSettings): Promise<{ readonly ok: true; readonly listensAt?: number } | Failure> {
    try {
      this.#file.write(settings);
    } catch (error) {
      return failure("unavailable", `The choice cannot be stored: ${String(error)}.`);
    }
    this.#settings = settings;
    if (settings.mode === "off") {
      this.connector.reset();
      this.consent.reset();
      await this.links.endAll("closed");
    }
    if (!this.#deps.me()) return { ok: true };
    // The current settings: another view may have changed them while the peers were being told.
    const outcome = await this.#host.apply(this.#settings);
    void this.#deps.reannounce();
    const listensAt = this.announcement?.port;
    return outcome.ok && listensAt !== undefined ? { ok: true, listensAt } : outcome;
  }

  /** In the meantime they may have been blocked, another account may be signed in, or direct talk may be switched off. */
  #isStillAgreed({ person, pin }: { readonly person: Person; readonly pin: Pin | undefined }): boolean {
    if (pin !== undefined) return this.consent.judge(person, pin) === "admitted";
    return this.#deps.me() !== undefined && this.#settings.mode !== "off" && !this.#deps.isBlocked(person.conversation);
  }

  /**
   * If this file is unreadable, this person is asked about people they never wanted to be asked about. The account still
   * works.
   */
  #openUnasked(path: string): void {
    try {
      this.#unasked.open(path);
    } catch (error) {
      this.#deps.log.error("who is not asked about is unreadable", { error: messageOf(error) });
    }
  }

  #called(caller: PeerCaller, ownPin: Pin): void {
    serveUnauthenticatedPeer(caller, {
      ...{ clock: this.#deps.clock, consent: this.consent, me: () => this.#deps.me() },
      onAdmitted: (peer, me, pin, wire) => {
        this.links.add({ peer, pin, me, ownPin, dialled: false, address: textOf(caller), wire });
      },
    });
  }

  #down({ peer, pin }: DirectLink, end: LinkEnd): void {
    if (end === "lost") {
      this.connector.again(peer, pin);
      return;
    }
    this.connector.cancel(peer.key);
    this.consent.withdraw(peer.key);
    // The server does not announce a daemon that stops and returns before its session has ended.
    if (end === "offline") this.#recheckLater(peer);
  }

  #recheckLater({ key, name }: Person): void {
    this.#recheckTimers.get(key)?.dispose();
    const look = (): void => {
      this.#recheckTimers.delete(key);
      this.#deps.lookUp(name);
    };
    this.#recheckTimers.set(key, this.#deps.clock.setTimer(recheckAfterMs, look));
  }
}
