// One connection to the daemon, spoken by vscode-languageclient over a socket that is already open. The daemon is told
// nothing about the workspace: no folders, and documents only where the person asked for mentions. The library shows error
// toasts of its own and can trace whole messages (passwords among them) into a log: neither happens here.

import type { Socket } from "node:net";
import { EventEmitter, LogLevel } from "vscode";
import type { LogOutputChannel } from "vscode";
import type { InitializeParams, LanguageClient } from "vscode-languageclient/node";
import { mentionOptions } from "./mention-documents.ts";
import { t } from "../ui/l10n.ts";
import { messageOf } from "../ui/log.ts";
import type { Connection } from "./client.ts";

const initializeMs = 15_000;

/** @throws when the daemon does not answer `initialize` */
export async function openLanguageClient(socket: Socket, log: LogOutputChannel): Promise<Connection> {
  const { promise: closed, resolve: close } = Promise.withResolvers<undefined>();
  socket.once("close", () => close(undefined));
  // Not at the window's start: it is more than all of ours.
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
      // No process either: that this window is gone is seen by the end of its socket, also from another PID namespace.
      Object.assign(params, { processId: null, rootPath: null, rootUri: null, workspaceFolders: null });
    }

    override error(message: string, data?: unknown): void {
      this.warn(message, data);
    }

    override warn(message: string, data?: unknown): void {
      this.outputChannel.warn(data === undefined ? message : `${message} ${messageOf(data)}`);
    }

    /** The library stops a client whose start failed without looking at the outcome. */
    override async stop(timeoutMs?: number): Promise<void> {
      try {
        await super.stop(timeoutMs);
      } catch {
        // it was not running
      }
    }
  };
}

/** A log channel at level Off: whatever the settings say, no message is written out. */
function silentChannel(log: LogOutputChannel): { channel: LogOutputChannel; dispose: () => void } {
  const never = new EventEmitter<LogLevel>();
  const nothing = (): void => undefined;
  const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
  const unseen = {
    append: nothing,
    appendLine: nothing,
    replace: nothing,
    clear: nothing,
    show: nothing,
    hide: nothing,
  };
  const level = { logLevel: LogLevel.Off, onDidChangeLogLevel: never.event };
  const channel: LogOutputChannel = { ...silent, ...unseen, ...level, name: log.name, dispose: nothing };
  return { channel, dispose: () => never.dispose() };
}
