// The line above the composer that says why a conversation cannot go on as usual, and what may be done about it.

import type { Contact } from "../../protocol/editor/model.ts";
import type { Banner } from "../../protocol/panel/messages.ts";
import { nameOf } from "../contacts/model.ts";
import type { Standing } from "../standing.ts";

export function bannerOf(standing: Standing, contact: Contact): Banner | undefined {
  const { state, sentence: text } = standing;
  switch (state) {
    case "starting":
    case "connecting":
      return { text, severity: "info", busy: true, actions: [] };
    case "down":
      return { text, severity: "warning", busy: false, actions: [{ id: "restartDaemon", label: "Restart" }] };
    case "signedOut":
    case "elsewhere":
      return {
        text: `${text} Sign in to see and send messages.`,
        severity: "info",
        busy: false,
        actions: [{ id: "signIn", label: "Sign In" }],
      };
    case "unreachable":
      return {
        text: `${text} What you write is kept and sent then.`,
        severity: "warning",
        busy: false,
        actions: [{ id: "reconnect", label: "Retry Now" }],
      };
    case "distrusted":
      return {
        text: `${text} What you write is kept.`,
        severity: "warning",
        busy: false,
        actions: [{ id: "trustServer", label: "Compare Keys" }],
      };
    case "connected":
      return contact.blocked ? blockedBanner(contact) : keyBanner(contact);
  }
}

function blockedBanner(contact: Contact): Banner {
  return {
    text: `You have blocked ${nameOf(contact)}, who cannot write to you.`,
    severity: "info",
    busy: false,
    actions: [{ id: "unblock", label: "Unblock" }],
  };
}

/** A new device, or somebody else under that name: only the person can tell. */
function keyBanner(contact: Contact): Banner | undefined {
  if (contact.key?.changed === undefined) return undefined;
  const was = contact.key.verified ? "the one you verified" : "before";
  return {
    text:
      `${nameOf(contact)} shows another key than ${was}: a new device, or somebody else. ` +
      "Until you accept it, messages go through the server only.",
    severity: "warning",
    busy: false,
    actions: [
      { id: "verify", label: "Verify" },
      { id: "acceptKey", label: "Accept New Key" },
    ],
  };
}
