// Keeps one connection to the daemon while the window lives: opens it (which starts a daemon if none runs), and reopens it
// after a loss, without limit, with a jittered back-off. Losing the daemon never signs anybody out, because everything is
// on disk. The way to open a connection is injected, so that this can be tested without VS Code.

import { StartFailed } from "../../base/rendezvous/connect.ts";
import { readOutcome } from "../../protocol/api/declare.ts";
import type { EditorNotification, EditorRequest, Outcome } from "../../protocol/api/declare.ts";
import type { Account } from "../../protocol/api/model.ts";
import { failure } from "../../protocol/errors.ts";
import { Invalid } from "../../protocol/validate.ts";
import { reasonWords, t } from "../ui/l10n.ts";
import { messageOf } from "../ui/log.ts";
import type { Log } from "../ui/log.ts";
import { Emitter, hostTimer } from "../ui/signal.ts";
import type { Disposable, SetTimer } from "../ui/signal.ts";
import type { Daemon, DaemonLinkState } from "./port.ts";
import { RetryPolicy } from "./retry-policy.ts";

/** One connection, ready for requests. */
export interface Connection extends Disposable {
  /** Rejects if the daemon failed at the request or the connection ended first. */
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
  onNotification(method: string, listener: (params: unknown) => void): void;
  /** Resolves once, however the connection ended. */
  readonly closed: Promise<void>;
}

export interface ClientOptions {
  /** Opens a connection, starting a daemon first if none runs. */
  readonly open: () => Promise<Connection>;
  readonly log: Log;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly setTimer?: SetTimer;
}

/** A request may go to the server and back, and the daemon has deadlines of its own. This one is for a stuck daemon. */
const defaultDeadlineMs = 90_000;
/** A connection that lasted this long resets the back-off. */
const stableMs = 5_000;

const lostText = (): string =>
  t("The connection to the Chat Room daemon was lost. It is being opened again; try again in a moment.");
const olderText = (): string =>
  t("The running Chat Room daemon is older than this window and cannot do that. Restart Daemon starts the newer one.");
const absentText = (): string => t("Chat Room is still connecting to its daemon. Try again in a moment.");

export class DaemonClient implements Daemon, Disposable {
  readonly linkChanged = new Emitter<DaemonLinkState>();
  speaker: Account | undefined;
  readonly #open: () => Promise<Connection>;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #setTimer: SetTimer;
  readonly #listeners = new Map<string, Emitter<unknown>>();
  #link: DaemonLinkState = { state: "connecting" };
  #connection: Connection | undefined;
  #policy = new RetryPolicy();
  #timer: Disposable | undefined;
  #opening = false;
  #disposed = false;

  constructor(options: ClientOptions) {
    this.#open = options.open;
    this.#log = options.log;
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
    this.#setTimer = options.setTimer ?? hostTimer;
  }

  get link(): DaemonLinkState {
    return this.#link;
  }

  connectNow(): void {
    if (this.#disposed || this.#opening || this.#connection !== undefined) return;
    this.#timer?.dispose();
    this.#opening = true;
    this.#open().then(
      (connection) => this.#opened(connection),
      (error: unknown) => this.#failed(messageOf(error), error instanceof StartFailed),
    );
  }

  async request<Params, Result>(
    declared: EditorRequest<Params, Result>,
    params: Params,
    deadlineMs = defaultDeadlineMs,
  ): Promise<Outcome<Result>> {
    const connection = this.#connection;
    if (connection === undefined) {
      this.connectNow();
      return failure("unavailable", this.#link.state === "down" ? this.#link.reason : absentText());
    }
    const { promise: late, resolve } = Promise.withResolvers<Outcome<Result>>();
    const seconds = Math.round(deadlineMs / 1_000);
    const timer = this.#setTimer(deadlineMs, () =>
      resolve(
        failure(
          "unavailable",
          t("The Chat Room daemon gave no answer for {0} s. Try again, or use Restart Daemon.", seconds),
        ),
      ),
    );
    try {
      const answered = connection
        .request(declared.method, declared.spoken === true ? { as: this.speaker, ...params } : params)
        .then((given) => translated(readOutcome(declared, given)));
      return await Promise.race([answered, late]);
    } catch (error) {
      this.#log.warn(`${declared.method} failed: ${messageOf(error)}`);
      if (this.#connection !== connection) return failure("unavailable", lostText());
      return isUnknownMethod(error)
        ? failure("unknown_type", olderText())
        : failure("unavailable", failedRequest(error));
    } finally {
      timer.dispose();
    }
  }

  notify<Params>(declared: EditorNotification<Params>, params: Params): void {
    this.#connection?.notify(declared.method, params);
  }

  on<Params>(declared: EditorNotification<Params>, listener: (params: Params) => void): Disposable {
    const known = this.#listeners.get(declared.method);
    const emitter = known ?? new Emitter<unknown>();
    if (known === undefined) {
      this.#listeners.set(declared.method, emitter);
      this.#connection?.onNotification(declared.method, (params) => emitter.fire(params));
    }
    return emitter.on((given) => {
      const params = declared.params.read(given, "");
      if (params instanceof Invalid) this.#log.warn(`${declared.method} ignored: ${params.reason}`);
      else listener(params);
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#connection?.dispose();
    this.#connection = undefined;
  }

  #opened(connection: Connection): void {
    this.#opening = false;
    if (this.#disposed) {
      connection.dispose();
      return;
    }
    this.#connection = connection;
    for (const [method, emitter] of this.#listeners) {
      connection.onNotification(method, (params) => emitter.fire(params));
    }
    const sinceMs = this.#now();
    void connection.closed.then(() => {
      if (this.#now() - sinceMs >= stableMs) this.#policy = new RetryPolicy();
      this.#connection = undefined;
      this.#failed(t("The connection was closed."));
    });
    this.#log.info("connected to the daemon");
    this.#setLink({ state: "connected" });
  }

  /**
   * @param isPermanent whether another attempt would fail too: the person is told at once, and attempts continue nevertheless
   */
  #failed(reason: string, isPermanent = false): void {
    this.#opening = false;
    if (this.#disposed) return;
    this.#policy = this.#policy.next();
    const delayMs = this.#policy.delayMs(this.#random());
    this.#log.warn(`no connection to the daemon (${this.#policy.failures}): ${reason} Next attempt in ${delayMs} ms.`);
    this.#setLink(
      this.#policy.isDown || isPermanent || this.#link.state === "down"
        ? { state: "down", reason: t("The Chat Room daemon cannot be reached. {0}", reasonWords(reason)) }
        : { state: "connecting" },
    );
    this.#timer = this.#setTimer(delayMs, () => this.connectNow());
  }

  #setLink(link: DaemonLinkState): void {
    this.#link = link;
    this.linkChanged.fire(link);
  }
}

function translated<Result>(outcome: Outcome<Result>): Outcome<Result> {
  return outcome.ok ? outcome : { ...outcome, reason: reasonWords(outcome.reason) };
}

/** JSON-RPC's MethodNotFound. */
function isUnknownMethod(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === -32_601;
}

function failedRequest(error: unknown): string {
  return t("The Chat Room daemon failed at this: {0} See the log of Chat Room.", messageOf(error));
}
