// The JSON-RPC session of one view on its socket. It is a language server's connection, so that an ordinary language client
// can be the view; `chatRoom/...` requests are added. Every parameter is validated by its schema, every request gets one
// answer, and a handler that throws fails its request, not the daemon.

import type { Socket } from "node:net";
import { createConnection, createProtocolConnection } from "vscode-languageserver";
import type { Connection } from "vscode-languageserver";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { programVersion } from "../../base/version.ts";
import { failure } from "../../protocol/errors.ts";
import { accountSwitched, speaker } from "../../protocol/api/declare.ts";
import type { EditorRequest, Outcome } from "../../protocol/api/declare.ts";
import { sameAccount } from "../../protocol/api/model.ts";
import type { Account } from "../../protocol/api/model.ts";
import { focus } from "../../protocol/api/notifications.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { WindowReport } from "../core/notification-policy.ts";
import { traceOf } from "../../base/error-message.ts";
import { LanguageSession } from "../mentions/language-features.ts";
import type { MentionSource } from "../mentions/mention-items.ts";
import { rpcReader } from "../../base/rpc-reader.ts";
import { declarations } from "./api.ts";
import type { DaemonApi } from "./api.ts";
import { ViewWriter } from "../windows/view-writer.ts";
import type { View } from "../windows/views.ts";
import { SessionWatchDog } from "./watch-dog.ts";

export interface EditorSessionOptions {
  readonly id: number;
  readonly service: DaemonApi;
  readonly clock: Clock;
  readonly log: Log;
  /** For the language features. */
  readonly people: () => MentionSource;
  /** The account that is signed in, or that was when the session ended. */
  readonly account: () => Account | undefined;
  onFocus(view: number, report: WindowReport): void;
  /** Called once. */
  onEnd(view: View): void;
}

/** Starts the session of a view. @param socket authenticated; nothing has been read from it yet */
export function openEditorSession(socket: Socket, options: EditorSessionOptions): View {
  const { id, clock, log } = options;
  const watchDog = new SessionWatchDog(clock, () => socket.destroy());
  const writer = new ViewWriter(socket, {
    clock,
    onStalled(unsentBytes) {
      if (!socket.destroyed) log.warn("view cut off", { view: id, unsentBytes });
      socket.destroy();
    },
  });
  const connection = createConnection(
    (logger) => createProtocolConnection(rpcReader(socket), writer, logger),
    watchDog,
  );
  const view: View = {
    id,
    notify(method, params) {
      if (socket.destroyed) return;
      try {
        connection.sendNotification(method, params).catch(() => undefined);
      } catch {
        // Fails only if the socket has just closed; its end is noticed below.
      }
    },
    dispose: () => socket.destroySoon(),
  };
  socket.on("error", () => socket.destroy());
  socket.once("end", () => socket.destroySoon());
  const language = new LanguageSession(connection, options);
  socket.once("close", () => {
    watchDog.dispose();
    language.dispose();
    connection.dispose();
    options.onEnd(view);
  });
  connection.onInitialize((params) => ({
    capabilities: language.capabilities(params),
    serverInfo: { name: "chat-room", version: programVersion },
  }));
  connection.onNotification(focus.method, (given: unknown) => {
    const read = focus.params.read(given, "");
    if (read instanceof Invalid) log.warn("focus ignored", { view: id, why: read.reason });
    else {
      const { focused, visible, tells = true, mentions = false } = read;
      options.onFocus(id, { focused, visible, tells, mentions });
    }
  });
  serveAll(connection, writer, options);
  connection.listen();
  return view;
}

function serveAll(connection: Connection, writer: ViewWriter, options: EditorSessionOptions): void {
  for (const name of Object.keys(options.service) as (keyof DaemonApi)[]) {
    // The type of `DaemonApi` ties each handler to its request; here they are only connected.
    serve(connection, writer, options, declarations[name], options.service[name] as AnyHandler);
  }
}

function isSpeaker(given: unknown, signedIn: Account | undefined): boolean {
  const said = speaker.read(given, "");
  if (said instanceof Invalid) return false;
  return said.as === undefined || signedIn === undefined || sameAccount(said.as, signedIn);
}

type AnyHandler = (params: unknown, view: number) => Outcome<object> | Promise<Outcome<object>>;

function serve(
  connection: Connection,
  writer: ViewWriter,
  { id, log, account }: EditorSessionOptions,
  declared: EditorRequest<unknown, unknown>,
  handler: AnyHandler,
): void {
  connection.onRequest(declared.method, async (given: unknown): Promise<Outcome<object>> => {
    if (writer.isFull) await writer.room();
    const params = declared.params.read(given ?? {}, "");
    if (params instanceof Invalid) return failure("bad_request", `${declared.method}: ${params.reason}.`);
    if (declared.spoken === true && !isSpeaker(given, account())) return accountSwitched;
    try {
      return await handler(params, id);
    } catch (error) {
      log.error("request failed", { method: declared.method, error: traceOf(error) });
      return failure("internal", "The daemon failed at this request. Its log says more.");
    }
  });
}
