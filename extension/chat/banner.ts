// The line above the composer that says why a conversation cannot go on as usual, and the one thing to do about it.

import type { Contact } from "../../protocol/editor/model.ts";
import type { Banner } from "../../protocol/panel/messages.ts";
import { nameOf } from "../contacts/model.ts";
import type { Standing } from "../standing.ts";

export function bannerOf(standing: Standing, contact: Contact): Banner | undefined {
  const { state, sentence: text } = standing;
  switch (state) {
    case "starting":
    case "connecting":
      return { text, severity: "info", busy: true };
    case "down":
      return { text, severity: "warning", busy: false, action: { id: "restartDaemon", label: "Restart" } };
    case "signedOut":
    case "elsewhere":
      return {
        text: `${text} Sign in to see and send messages.`,
        severity: "info",
        busy: false,
        action: { id: "signIn", label: "Sign In" },
      };
    case "unreachable":
      return {
        text: `${text} What you write is kept and sent then.`,
        severity: "warning",
        busy: false,
        action: { id: "reconnect", label: "Retry Now" },
      };
    case "distrusted":
      return {
        text: `${text} What you write is kept.`,
        severity: "warning",
        busy: false,
        action: { id: "trustServer", label: "Compare Keys" },
      };
    case "connected":
      if (!contact.blocked) return undefined;
      return {
        text: `You have blocked ${nameOf(contact)}, who cannot write to you.`,
        severity: "info",
        busy: false,
        action: { id: "unblock", label: "Unblock" },
      };
  }
}
