// Checks that a server is the intended one before anything is sent to it, and Trust Server: the only way to accept a changed
// key. The daemon checks the key; here a person compares keys.

import { confirmServerKey } from "../../client/confirm-server-key.ts";
import type { ConfirmedServer, ServerKey } from "../../client/confirm-server-key.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import { inspectServer, trustServer } from "../../protocol/api/session.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { formatPin } from "../../protocol/pin.ts";
import { serverComplaint } from "../account/sign-in-inputs.ts";
import { t } from "../ui/l10n.ts";
import { forNotification } from "../ui/plain-text.ts";
import { askInTurn } from "../ui/prompter-port.ts";
import { textOf } from "./command-arguments.ts";
import { cancelled, showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";

/**
 * Returns the canonical address of the server and its key, already trusted or confirmed by the person; says why if it is
 * neither.
 * @param again what to offer if the server cannot be reached
 */
export async function confirmedPin(
  app: AppContext,
  server: string,
  again: () => unknown,
): Promise<Outcome<ConfirmedServer>> {
  return await confirmServerKey(app.daemon, server, undefined, {
    async metFirst(seen) {
      const agreed = await app.prompter.confirm({
        text: t("Trust the server {0}?", forNotification(seen.server, 300)),
        detail: t(
          "Chat Room meets it for the first time. Compare its key with what whoever runs the server sees there:\n\n{0}\n\nNothing has been sent to it yet.",
          formatPin(seen.pin),
        ),
        yes: t("Trust"),
      });
      return agreed ? undefined : cancelled;
    },
    otherKey(seen) {
      const refused = otherKey(seen);
      showError(app, refused, { label: t("Compare Keys"), run: () => runTrustServer(app, { server: seen.server }) });
      return refused;
    },
    unseen: (refused) => showError(app, refused, { label: t("Try Again"), run: again }),
  });
}

function otherKey({ server, trust }: ServerKey): Failure {
  const name = forNotification(server, 300);
  return failure(
    "denied",
    trust === "changed"
      ? t(
          "{0} shows another key than before. Somebody may be between you and the server, or it was set up anew: ask whoever runs it. Nothing was sent.",
          name,
        )
      : t(
          "{0} shows another key than its address names. Somebody may be between you and the server, or it was set up anew: ask whoever runs it. Nothing was sent.",
          name,
        ),
  );
}

export const trustServerCommand = command({
  id: "chatRoom.trustServer",
  title: "Trust Server",
  icon: "shield",
  description: "Compares the key of a server, and accepts a changed one; always asks.",
  arguments: { server: { type: "text", description: "Address of the server; by default that of the account." } },
  run: runTrustServer,
});

/**
 * `chatRoom.trustServer`: `{ server? }`; by default that of the account. Always shows both keys and asks.
 * Returns `{ ok: true, server }` or the refusal.
 */
export async function runTrustServer(app: AppContext, given?: unknown): Promise<Outcome<{ server: string }>> {
  const server = textOf(given, "server") ?? app.store.account?.server ?? (await askedServer(app));
  if (server === undefined) return cancelled;
  const seen = await app.daemon.request(inspectServer, { server });
  if (!seen.ok) {
    showError(app, seen, { label: t("Try Again"), run: () => runTrustServer(app, { server }) });
    return seen;
  }
  const name = forNotification(seen.server, 300);
  if (seen.trust === "trusted") {
    app.prompter.mention(`$(check) ${t("{0} has the key it should have", name)}`);
    return { ok: true, server: seen.server };
  }
  const known = seen.expected === undefined ? t("none") : formatPin(seen.expected);
  const agreed = await app.prompter.confirm({
    text: t("Trust the key that {0} shows now?", name),
    detail: t(
      "Expected: {0}\n\nShown: {1}\n\nTrust it only if whoever runs the server sees the shown one there. If nobody changed the server, somebody may be between you and it.",
      known,
      formatPin(seen.pin),
    ),
    yes: t("Trust"),
  });
  if (!agreed) return cancelled;
  const outcome = await app.daemon.request(trustServer, { server: seen.server, pin: seen.pin });
  if (outcome.ok) app.prompter.mention(`$(check) ${t("{0} is trusted", name)}`);
  else showError(app, outcome);
  return outcome;
}

async function askedServer(app: AppContext): Promise<string | undefined> {
  const asked = await askInTurn(app.prompter, [
    {
      title: t("Chat Room: Trust Server"),
      prompt: t("Address of the server"),
      value: app.credentials.last?.server ?? app.settings().server,
      validate: serverComplaint,
    },
  ]);
  return asked?.[0]?.trim();
}
