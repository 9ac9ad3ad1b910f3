// One connection to the daemon, through vscode-languageclient over an open socket. The daemon learns nothing about the
// workspace: no folders, and documents only if the person switched mentions on. The library can show its own error toasts
// and trace whole messages (including passwords) into a log; both are disabled here.

import type { Socket } from "node:net";
import { EventEmitter, LogLevel } from "vscode";
import type { LogOutputChannel } from "vscode";
import type { InitializeParams, LanguageClient } from "vscode-languageclient/node";
import { mentionOptions } from "./mention-documents.ts";
import { t } from "../ui/l10n.ts";
import { messageOf } from "../ui/log.ts";
import type { Connection } from "./client.ts";

const initializeMs = 15_000;

/** @throws if the daemon does not answer `initialize` */
export async function openLanguageClient(socket: Socket, log: LogOutputChannel): Promise<Connection> {
  const { promise: closed, resolve: close } = Promise.withResolvers<undefined>();
  socket.once("close", () => close(undefined));
  // Not at the window's start, because the library is larger than all our code.
  const library = await import("vscode-languageclient/node");
  const { CloseAction, ErrorAction, RevealOutputChannelOn } = library;
  const trace = silentChannel(log);
  const client = new (quiet(library.LanguageClient))(
    "chatRoomDaemon",
    "Chat Room",
    () => Promise.resolve({ reader: socket, writer: socket, detached: true }),
    {
      ...mentionOptions(),
      documentSelector: [],
      outputChannel: log,
      traceOutputChannel: trace.channel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          close(undefined);
          return { action: CloseAction.DoNotRestart, handled: true, message: t("The connection to the daemon ended.") };
        },
      },
    },
  );
  const late = setTimeout(() => socket.destroy(), initializeMs);
  try {
    await Promise.race([client.start(), closed.then(() => Promise.reject(new Error(t("The daemon hung up."))))]);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return {
    closed,
    request: (method, params) => client.sendRequest(method, params),
    notify: (method, params) => {
      client.sendNotification(method, params).catch((error: unknown) => log.debug(`${method}: ${messageOf(error)}`));
    },
    onNotification: (method, listener) => {
      client.onNotification(method, listener);
    },
    dispose: () => {
      trace.dispose();
      void client.dispose(1_000).finally(() => socket.destroy());
    },
  };
}

function quiet(base: typeof LanguageClient): typeof LanguageClient {
  return class extends base {
    protected override fillInitializeParams(params: InitializeParams): void {
      super.fillInitializeParams(params);
      // No process id either. The daemon notices by the end of the socket that the window is gone, even from another PID
      // namespace.
      Object.assign(params, { processId: null, rootPath: null, rootUri: null, workspaceFolders: null });
    }

    override error(message: string, data?: unknown): void {
      this.warn(message, data);
    }

    override warn(message: string, data?: unknown): void {
      this.outputChannel.warn(data === undefined ? message : `${message} ${messageOf(data)}`);
    }

    /** The library stops a client whose start failed and does not handle a rejection. */
    override async stop(timeoutMs?: number): Promise<void> {
      try {
        await super.stop(timeoutMs);
      } catch {
        // It was not running.
      }
    }
  };
}

/** A log channel at level Off: no message is traced, whatever the settings say. */
function silentChannel(log: LogOutputChannel): { channel: LogOutputChannel; dispose: () => void } {
  const never = new EventEmitter<LogLevel>();
  const nothing = (): void => undefined;
  const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
  const noOutput = {
    append: nothing,
    appendLine: nothing,
    replace: nothing,
    clear: nothing,
    show: nothing,
    hide: nothing,
  };
  const level = { logLevel: LogLevel.Off, onDidChangeLogLevel: never.event };
  const channel: LogOutputChannel = { ...silent, ...noOutput, ...level, name: log.name, dispose: nothing };
  return { channel, dispose: () => never.dispose() };
}
