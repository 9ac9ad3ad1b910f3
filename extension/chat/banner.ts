// The line above the composer that says why a conversation cannot continue as usual, and what the person can do about it.

import type { Contact } from "../../protocol/api/model.ts";
import { errorTable } from "../../protocol/errors.ts";
import type { Banner } from "../../protocol/page/page-messages.ts";
import { nameOf } from "../contacts/contact-queries.ts";
import { reasonWords, t } from "../ui/l10n.ts";
import type { ConnectionStatus } from "../daemon-client/connection-status.ts";

/** @param isKnown whether the signed-in account knows somebody of that name */
export function bannerOf(status: ConnectionStatus, contact: Contact, isKnown = true): Banner | undefined {
  const { state, sentence: text } = status;
  switch (state) {
    case "starting":
    case "connecting":
      return { text, severity: "info", busy: true, actions: [] };
    case "down":
      return { text, severity: "warning", busy: false, actions: [{ id: "restartDaemon", label: t("Restart") }] };
    case "signedOut":
      return { text, severity: "info", busy: false, actions: [{ id: "signIn", label: t("Sign In") }] };
    case "elsewhere":
      return { text, severity: "info", busy: false, actions: [{ id: "signInHere", label: t("Sign In Here") }] };
    case "unreachable":
      return {
        text: isDirect(contact)
          ? t("The server cannot be reached. Messages to {0} go directly meanwhile.", nameOf(contact))
          : t("{0} What you write is kept and sent then.", text),
        severity: isDirect(contact) ? "info" : "warning",
        busy: false,
        actions: [{ id: "reconnect", label: t("Retry Now") }],
      };
    case "distrusted":
      return {
        text: t("{0} What you write is kept.", text),
        severity: "warning",
        busy: false,
        actions: [{ id: "trustServer", label: t("Compare Keys") }],
      };
    case "connected":
      if (contact.blocked) return blockedBanner(contact);
      return isKnown ? keyBanner(contact) : unknownBanner();
  }
}

export function isDirect({ route }: Contact): boolean {
  return route?.kind === "direct";
}

/** The banner of a chat that was opened with another account, on another server. */
function unknownBanner(): Banner {
  return { text: reasonWords(errorTable.no_such_user.reason), severity: "info", busy: false, actions: [] };
}

function blockedBanner(contact: Contact): Banner {
  return {
    text: t("You have blocked {0}, who cannot write to you.", nameOf(contact)),
    severity: "info",
    busy: false,
    actions: [{ id: "unblock", label: t("Unblock") }],
  };
}

/** The banner of a changed key: a new device or an impostor, which only the person can tell apart. */
function keyBanner(contact: Contact): Banner | undefined {
  if (contact.key?.changed === undefined) return undefined;
  const name = nameOf(contact);
  return {
    text: contact.key.verified
      ? t(
          "{0} shows another key than the one you verified: a new device, or somebody else. Until you accept it, messages go through the server only.",
          name,
        )
      : t(
          "{0} shows another key than before: a new device, or somebody else. Until you accept it, messages go through the server only.",
          name,
        ),
    severity: "warning",
    busy: false,
    actions: [
      { id: "verify", label: t("Verify") },
      { id: "acceptKey", label: t("Accept New Key") },
    ],
  };
}
