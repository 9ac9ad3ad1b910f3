// The closed list of what a chat panel may ask for beside talking, and which command each is.

import { acceptKey } from "../../protocol/editor/direct.ts";
import type { ChatMessage, Contact } from "../../protocol/editor/model.ts";
import type { PanelAction } from "../../protocol/panel/messages.ts";
import { runSignIn } from "../commands/account.ts";
import { explain } from "../commands/desk.ts";
import type { Desk } from "../commands/desk.ts";
import { runReconnect, runRestartDaemon } from "../commands/machine.ts";
import { runBlock, runMute, runUnblock } from "../commands/people.ts";
import { runTrustServer } from "../commands/trust.ts";
import { isEveryone, nameOf } from "../contacts/model.ts";
import { plainLine } from "../plain-text.ts";

/** Runs a command of this extension by its id, with one argument. */
type RunCommand = (id: string, argument: unknown) => void;

export interface PanelActions {
  act(action: PanelAction, contact: Contact): void;
  /** The person's word that an own message may go. */
  confirmRemoval(message: ChatMessage): Promise<boolean>;
}

export function panelActions(desk: Desk, run: RunCommand): PanelActions {
  return {
    act: actFor(desk, run),
    confirmRemoval: (message) =>
      desk.prompter.confirm({
        text: "Delete this message?",
        detail: `“${plainLine(message.text, 120)}” is taken back on both sides. A line that says so stays.`,
        yes: "Delete",
      }),
  };
}

function actFor(desk: Desk, run: RunCommand): PanelActions["act"] {
  return (action, contact) => {
    const whom = isEveryone(contact) ? undefined : { name: contact.name };
    switch (action) {
      case "signIn":
        void runSignIn(desk);
        return;
      case "reconnect":
        void runReconnect(desk);
        return;
      case "trustServer":
        void runTrustServer(desk);
        return;
      case "restartDaemon":
        void runRestartDaemon(desk);
        return;
      case "showLog":
        desk.showLog();
        return;
      case "unblock":
        if (whom) void runUnblock(desk, whom);
        return;
      case "block":
        if (whom) void runBlock(desk, whom);
        return;
      case "mute":
        void runMute(desk, { conversation: contact.conversation, name: contact.name }, true);
        return;
      case "verify":
        if (whom) run("chatRoom.verify", whom);
        return;
      case "connectDirectly":
        if (whom) run("chatRoom.connectDirectly", whom);
        return;
      case "acceptKey":
        void acceptNewKey(desk, contact);
        return;
    }
  };
}

async function acceptNewKey(desk: Desk, contact: Contact): Promise<void> {
  const key = contact.key?.changed;
  if (key === undefined) return;
  const yes = await desk.prompter.confirm({
    text: `Accept the new key of ${nameOf(contact)}?`,
    detail: `Ask ${nameOf(contact)} by another way first whether this key is theirs: ${key}. They are not verified then.`,
    yes: "Accept New Key",
  });
  if (!yes) return;
  const outcome = await desk.daemon.request(acceptKey, { user: contact.name, key });
  if (!outcome.ok) explain(desk, outcome);
}
