// The command line's end of the daemon's socket: typed requests and notifications, validated against their schemas.

import type { Socket } from "node:net";
import { createMessageConnection, ErrorCodes, ResponseError, SocketMessageWriter } from "vscode-jsonrpc/node";
import type { MessageConnection } from "vscode-jsonrpc/node";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { readOutcome } from "../../protocol/api/declare.ts";
import type { EditorNotification, EditorRequest, Outcome } from "../../protocol/api/declare.ts";
import { sessionChanged } from "../../protocol/api/notifications.ts";
import { daemonStatus } from "../../protocol/api/session.ts";
import type { Account, SessionState } from "../../protocol/api/model.ts";
import { Invalid } from "../../protocol/validate.ts";
import { messageOf } from "../../base/error-message.ts";
import { rpcReader } from "../../base/rpc-reader.ts";

/** Compared by identity: the request may have been carried out. */
export const daemonGone: Failure = failure("unavailable", "The daemon has gone. Try again.");

/** The daemon was started by an older program, and something still uses it. */
export const olderDaemon: Failure = failure(
  "unknown_type",
  "The daemon that runs is older than this command line and cannot do that. chat-room stop ends it; the next command " +
    "starts the newer one.",
);

export class DaemonConnection {
  readonly #connection: MessageConnection;
  readonly #listeners = new Map<string, ((given: unknown) => void)[]>();
  /** Resolves when the daemon has closed the connection. */
  readonly closed: Promise<void>;
  /** The account in whose name `spoken` requests are made; undefined: the one that is signed in. */
  speaker: Account | undefined;

  constructor(socket: Socket) {
    this.#connection = createMessageConnection(rpcReader(socket), new SocketMessageWriter(socket));
    this.closed = new Promise((resolve) => this.#connection.onClose(resolve));
    this.#connection.onError(() => undefined);
    this.#connection.listen();
  }

  async request<Params extends object, Result>(
    declared: EditorRequest<Params, Result>,
    params: Params,
  ): Promise<Outcome<Result>> {
    const asked = declared.spoken === true && this.speaker ? { as: this.speaker, ...params } : params;
    const answer = this.#connection.sendRequest<unknown>(declared.method, asked);
    answer.catch(() => undefined);
    try {
      const given = await Promise.race([answer, this.closed.then(() => undefined)]);
      return given === undefined ? daemonGone : readOutcome(declared, given);
    } catch (error) {
      if (!(error instanceof ResponseError) || isOfTheConnection(error.code)) return daemonGone;
      if (error.code === ErrorCodes.MethodNotFound) return olderDaemon;
      return failure("internal", `The daemon failed at that: ${messageOf(error)}. Its log says more.`);
    }
  }

  /** Adds a listener to existing ones. */
  on<Params>(declared: EditorNotification<Params>, handle: (params: Params) => void): void {
    const listen = (given: unknown): void => {
      const read = declared.params.read(given, "");
      if (!(read instanceof Invalid)) handle(read);
    };
    const listeners = this.#listeners.get(declared.method);
    if (listeners) {
      listeners.push(listen);
      return;
    }
    const first = [listen];
    this.#listeners.set(declared.method, first);
    this.#connection.onNotification(declared.method, (given: unknown) => first.forEach((each) => each(given)));
  }

  notify<Params extends object>(declared: EditorNotification<Params>, params: Params): void {
    this.#connection.sendNotification(declared.method, params).catch(() => undefined);
  }

  close(): void {
    this.#connection.end();
    this.#connection.dispose();
  }

  /**
   * Returns the session once it is known whether the server can be reached. A daemon that has just started is still
   * connecting.
   */
  async settledSession(): Promise<SessionState | Failure> {
    const settled = new Promise<SessionState>((resolve) => {
      this.on(sessionChanged, ({ session }) => session.state !== "connecting" && resolve(session));
    });
    const status = await this.request(daemonStatus, {});
    if (!status.ok) return status;
    if (status.session.state !== "connecting") return status.session;
    return await Promise.race([settled, this.closed.then(() => daemonGone)]);
  }
}

/** Error codes that the library reports for a failed connection, in place of an answer. */
function isOfTheConnection(code: number): boolean {
  return code >= ErrorCodes.jsonrpcReservedErrorRangeStart && code <= ErrorCodes.jsonrpcReservedErrorRangeEnd;
}
