// Commands about this machine: running a server, the daemon, the connection, the log.

import type { Outcome } from "../../protocol/api/declare.ts";
import { daemonStatus, reconnect, startServer, stopDaemon, stopServer } from "../../protocol/api/session.ts";
import { failure } from "../../protocol/errors.ts";
import { t } from "../ui/l10n.ts";
import { forNotification } from "../ui/plain-text.ts";
import { runRegister, runSignIn } from "./account.ts";
import { agreed } from "./confirm.ts";
import { isSet, numberOf } from "./command-arguments.ts";
import { cancelled, showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";

export const startServerCommand = command({
  id: "chatRoom.startServer",
  title: "Start a Server on This Machine",
  icon: "server-environment",
  description: "Starts a server on this machine.",
  arguments: { port: { type: "number", description: "Port; by default the usual one." } },
  menus: { contactsTitle: { group: "2_server@3" } },
  run: runStartServer,
});

/**
 * `chatRoom.startServer`: `{ port? }`. Returns `{ ok: true, address, alreadyRunning }` or the refusal; then offers, without
 * waiting, to create an account there or to sign in.
 */
export async function runStartServer(
  app: AppContext,
  given?: unknown,
): Promise<Outcome<{ address: string; alreadyRunning: boolean }>> {
  const port = numberOf(given, "port");
  const outcome = await app.prompter.busy(t("Starting a chat server on this machine…"), async () => {
    await app.store.told(); // this may be the first command in a new window
    return app.daemon.request(startServer, port === undefined ? {} : { port });
  });
  if (!outcome.ok) {
    showError(app, outcome, { label: t("Show Log"), run: app.showLog });
    return outcome;
  }
  const { address: server, alreadyRunning } = outcome;
  const shown = forNotification(server, 300);
  const words = alreadyRunning
    ? t("A chat server runs already on this machine: {0}", shown)
    : t("A chat server now runs on this machine: {0}", shown);
  const [create, enter, copy] = [t("Create Account"), t("Sign In"), t("Copy Address")];
  void app.prompter.tell("info", words, create, enter, copy).then((pressed) => {
    if (pressed === create) void runRegister(app, { server });
    else if (pressed === enter) void runSignIn(app, { server });
    else if (pressed === copy) void app.copy(server);
  });
  return outcome;
}

export const stopServerCommand = command({
  id: "chatRoom.stopServer",
  title: "Stop the Server on This Machine",
  description: "Stops the server on this machine; asks if one runs.",
  arguments: { confirmed: { type: "true", description: "Do not ask." } },
  run: runStopServer,
});

/** `chatRoom.stopServer`: asks, unless `{ confirmed: true }`. Returns `{ ok: true, wasRunning }` or the refusal. */
export async function runStopServer(app: AppContext, given?: unknown): Promise<Outcome<{ wasRunning: boolean }>> {
  if (!isSet(given, "confirmed") && !(await agreedToStop(app))) return cancelled;
  const outcome = await app.daemon.request(stopServer, {});
  if (outcome.ok) {
    app.prompter.mention(outcome.wasRunning ? t("The chat server has stopped") : t("No chat server was running"));
  } else showError(app, outcome);
  return outcome;
}

async function agreedToStop(app: AppContext): Promise<boolean> {
  const status = await app.daemon.request(daemonStatus, {}, statusMs);
  if (status.ok && status.hostedServer === undefined && status.hostedTrouble === undefined) return true;
  return agreed(app, {
    title: t("Stop the server on this machine?"),
    yes: t("Stop Server"),
    detail: t("Everyone who uses it loses the connection. Accounts and messages are kept for the next start."),
    icon: "debug-stop",
  });
}

export const restartDaemonCommand = command({
  id: "chatRoom.restartDaemon",
  title: "Restart Daemon",
  icon: "debug-restart",
  description: "Ends the daemon and starts a new one; asks if one runs.",
  arguments: { confirmed: { type: "true", description: "Do not ask." } },
  menus: { contactsTitle: { group: "navigation@1", when: "chatRoom.state == down" } },
  run: runRestartDaemon,
});

/**
 * `chatRoom.restartDaemon`: asks if one runs, unless `{ confirmed: true }`. The next connection starts a new one.
 * Returns whether there is one.
 */
export async function runRestartDaemon(app: AppContext, given?: unknown): Promise<boolean> {
  const isToAsk = app.daemon.link.state === "connected" && !isSet(given, "confirmed");
  return isToAsk && !(await agreedToRestart(app)) ? false : restartNow(app);
}

async function agreedToRestart(app: AppContext): Promise<boolean> {
  const status = await app.daemon.request(daemonStatus, {}, statusMs);
  const hosts = status.ok && status.hostedServer !== undefined;
  return agreed(app, {
    title: t("Restart the Chat Room daemon?"),
    yes: t("Restart Daemon"),
    detail: hosts
      ? t("All windows and everyone who uses the server on this machine lose the connection for a moment.")
      : t("All windows lose the connection for a moment, and direct links end. No message is lost."),
    icon: "debug-restart",
  });
}

/** Does not ask, because the person has just agreed. */
export async function restartNow(app: AppContext): Promise<boolean> {
  const { daemon } = app;
  if (daemon.link.state === "connected") {
    const status = await daemon.request(daemonStatus, {}, statusMs);
    const ended = nextLink(app, (state) => state !== "connected", restartMs);
    await daemon.request(stopDaemon, {}, restartMs);
    if (!(await ended)) {
      return notRestarted(
        app,
        status.ok
          ? t("The Chat Room daemon does not end. End its process ({0}) and try again.", status.pid)
          : t("The Chat Room daemon does not end, and gives no answer. Try again in a minute."),
      );
    }
  }
  daemon.connectNow();
  const connected =
    daemon.link.state === "connected" || (await nextLink(app, (state) => state === "connected", restartMs));
  if (!connected) {
    return notRestarted(
      app,
      daemon.link.state === "down" ? daemon.link.reason : t("The Chat Room daemon did not start."),
    );
  }
  app.prompter.mention(t("The Chat Room daemon was restarted"));
  return true;
}

function notRestarted(app: AppContext, reason: string): false {
  showError(app, failure("unavailable", reason), { label: t("Show Log"), run: app.showLog });
  return false;
}

export const reconnectCommand = command({
  id: "chatRoom.reconnect",
  title: "Retry Connection",
  icon: "refresh",
  description: "Tries to connect again at once.",
  palette: "chatRoom.state == unreachable || chatRoom.state == distrusted",
  menus: { contactsTitle: { group: "navigation@1", when: "chatRoom.state == unreachable" } },
  run: runReconnect,
});

/** `chatRoom.reconnect` (welcome view, status bar): tries to reach the server or the daemon now. */
export async function runReconnect(app: AppContext): Promise<Outcome<object>> {
  app.daemon.connectNow();
  return app.daemon.request(reconnect, {});
}

export const troubleshootCommand = command({
  id: "chatRoom.troubleshoot",
  title: "Troubleshoot the Daemon",
  description: "Offers what may help if the daemon cannot be reached; from the status bar only.",
  palette: false,
  run: runTroubleshoot,
});

/** `chatRoom.troubleshoot` (status bar, when the daemon cannot be reached): offers what may help. */
export async function runTroubleshoot(app: AppContext): Promise<void> {
  const chosen = await app.prompter.choose({
    title: t("Chat Room: The daemon cannot be reached"),
    placeholder: t("What to do?"),
    choices: [
      { label: t("Restart Daemon"), icon: "debug-restart", value: "restart" },
      { label: t("Show Log"), icon: "output", value: "log" },
    ],
  });
  if (chosen === "restart") await restartNow(app);
  else if (chosen === "log") app.showLog();
}

export const copyServerAddressCommand = command({
  id: "chatRoom.copyServerAddress",
  title: "Copy Server Address",
  icon: "copy",
  description: "Copies the address of the server.",
  enablement: "chatRoom.signedIn",
  palette: "chatRoom.signedIn",
  menus: { contactsTitle: { group: "2_server@2", when: "chatRoom.state == connected" } },
  run: runCopyServerAddress,
});

/** `chatRoom.copyServerAddress` (welcome view): for a colleague. Returns whether there was an address to copy. */
export async function runCopyServerAddress(app: AppContext): Promise<boolean> {
  const server = app.store.account?.server;
  if (server === undefined) return false;
  await app.copy(server);
  app.prompter.mention(`$(copy) ${t("Copied the server's address")}`);
  return true;
}

const restartMs = 15_000;
/** A deadline, because a hung daemon must not keep a person from restarting it. */
const statusMs = 2_000;

function nextLink(app: AppContext, suits: (state: string) => boolean, deadlineMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), deadlineMs);
  const subscription = app.daemon.linkChanged.on((link) => {
    if (suits(link.state)) resolve(true);
  });
  return promise.finally(() => {
    clearTimeout(timer);
    subscription.dispose();
  });
}

export const showLogCommand = command({
  id: "chatRoom.showLog",
  title: "Show Log",
  icon: "output",
  description: "Shows the log of Chat Room.",
  menus: { contactsTitle: { group: "3_help@2" } },
  run: (app) => app.showLog(),
});
