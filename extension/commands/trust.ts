// Whether a server is the one that is meant, asked before anything is sent to it, and Trust Server: the one way to accept
// another key than before. The daemon judges; here a person compares.

import type { Outcome } from "../../protocol/api/declare.ts";
import { inspectServer, trustServer } from "../../protocol/api/session.ts";
import { failure } from "../../protocol/errors.ts";
import { formatPin } from "../../protocol/pin.ts";
import { serverComplaint } from "../account/inputs.ts";
import { t } from "../ui/l10n.ts";
import { forNotification } from "../ui/plain-text.ts";
import { askInTurn } from "../ui/prompter-port.ts";
import { textOf } from "./command-arguments.ts";
import { cancelled, explain } from "./app-context.ts";
import type { Desk } from "./app-context.ts";

/**
 * The one spelling of the server's address and its key, right already or confirmed by the person; says why where it is
 * neither.
 * @param again what to offer where the server cannot be asked
 */
export async function confirmedPin(
  desk: Desk,
  server: string,
  again: () => unknown,
): Promise<Outcome<{ server: string; pin: string }>> {
  const seen = await desk.daemon.request(inspectServer, { server });
  if (!seen.ok) {
    explain(desk, seen, { label: t("Try Again"), run: again });
    return seen;
  }
  const { pin, expected, trust } = seen;
  const confirmed = { ok: true, server: seen.server, pin } as const;
  if (trust === "trusted") return confirmed;
  const name = forNotification(seen.server, 300);
  if (expected === undefined) {
    const agreed = await desk.prompter.confirm({
      text: t("Trust the server {0}?", name),
      detail: t(
        "Chat Room meets it for the first time. Compare its key with what whoever runs the server sees there:\n\n{0}\n\nNothing has been sent to it yet.",
        formatPin(pin),
      ),
      yes: t("Trust"),
    });
    return agreed ? confirmed : cancelled;
  }
  const refused = failure(
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
  explain(desk, refused, { label: t("Compare Keys"), run: () => runTrustServer(desk, { server: seen.server }) });
  return refused;
}

/**
 * `chatRoom.trustServer`: `{ server? }`; by default that of the account. Shows both keys and asks, always.
 * Answers `{ ok: true, server }` or the refusal.
 */
export async function runTrustServer(desk: Desk, given?: unknown): Promise<Outcome<{ server: string }>> {
  const server = textOf(given, "server") ?? desk.room.account?.server ?? (await askedServer(desk));
  if (server === undefined) return cancelled;
  const seen = await desk.daemon.request(inspectServer, { server });
  if (!seen.ok) {
    explain(desk, seen, { label: t("Try Again"), run: () => runTrustServer(desk, { server }) });
    return seen;
  }
  const name = forNotification(seen.server, 300);
  if (seen.trust === "trusted") {
    desk.prompter.mention(`$(check) ${t("{0} has the key it should have", name)}`);
    return { ok: true, server: seen.server };
  }
  const known = seen.expected === undefined ? t("none") : formatPin(seen.expected);
  const agreed = await desk.prompter.confirm({
    text: t("Trust the key that {0} shows now?", name),
    detail: t(
      "Expected: {0}\n\nShown: {1}\n\nTrust it only if whoever runs the server sees the shown one there. If nobody changed the server, somebody may be between you and it.",
      known,
      formatPin(seen.pin),
    ),
    yes: t("Trust"),
  });
  if (!agreed) return cancelled;
  const outcome = await desk.daemon.request(trustServer, { server: seen.server, pin: seen.pin });
  if (outcome.ok) desk.prompter.mention(`$(check) ${t("{0} is trusted", name)}`);
  else explain(desk, outcome);
  return outcome;
}

async function askedServer(desk: Desk): Promise<string | undefined> {
  const asked = await askInTurn(desk.prompter, [
    {
      title: t("Chat Room: Trust Server"),
      prompt: t("Address of the server"),
      value: desk.credentials.last?.server ?? desk.settings().server,
      validate: serverComplaint,
    },
  ]);
  return asked?.[0]?.trim();
}
