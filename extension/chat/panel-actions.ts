// The closed list of what a chat panel may ask for beside talking, and which command each is.

import { acceptKey } from "../../protocol/api/direct.ts";
import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import type { PanelAction } from "../../protocol/page/page-messages.ts";
import { formatPin } from "../../protocol/pin.ts";
import { runSignIn } from "../commands/account.ts";
import { runSignInHere } from "../commands/accounts.ts";
import { explain } from "../commands/app-context.ts";
import { runConnectDirectly } from "../commands/direct.ts";
import type { Desk } from "../commands/app-context.ts";
import { runReconnect, runRestartDaemon } from "../commands/this-machine.ts";
import { runBlock, runMute, runUnblock } from "../commands/people.ts";
import { runTrustServer } from "../commands/trust.ts";
import { runVerify } from "../commands/verify.ts";
import { isEveryone, nameOf } from "../contacts/contact-queries.ts";
import { t } from "../ui/l10n.ts";
import { wordsOf } from "../markdown/plain.ts";
import { plainLine } from "../ui/plain-text.ts";

export interface PanelActions {
  act(action: PanelAction, contact: Contact): void;
  /** The person's word that an own message may go. */
  confirmRemoval(message: ChatMessage): Promise<boolean>;
  /** What the person wants of characters that are not seen in what they take over; undefined where they gave up. */
  chooseHidden(kinds: readonly string[]): Promise<HiddenChoice | undefined>;
}

export type HiddenChoice = "removed" | "kept";

export function panelActions(desk: Desk): PanelActions {
  return {
    act: actFor(desk),
    confirmRemoval: (message) =>
      desk.prompter.confirm({
        text: t("Delete this message?"),
        detail: t(
          "“{0}” is taken back on both sides. A line that says so stays.",
          plainLine(wordsOf(message.text), 120),
        ),
        yes: t("Delete"),
      }),
    chooseHidden: (kinds) => chooseHidden(desk, kinds),
  };
}

const maxListed = 12;

async function chooseHidden({ prompter }: Desk, kinds: readonly string[]): Promise<HiddenChoice | undefined> {
  const [removed, kept] = [t("Without Hidden Characters"), t("As It Is")];
  const listed = kinds.length <= maxListed ? kinds : [...kinds.slice(0, maxListed), "…"];
  const pressed = await prompter.decide({
    text: t("This text has characters that are not seen."),
    detail: t("{0}\n\nThey can change what code does, or how it reads.", listed.join(", ")),
    buttons: [removed, kept],
  });
  return pressed === removed ? "removed" : pressed === kept ? "kept" : undefined;
}

function actFor(desk: Desk): PanelActions["act"] {
  return (action, contact) => {
    const whom = isEveryone(contact) ? undefined : { name: contact.name };
    switch (action) {
      case "signIn":
        void runSignIn(desk);
        return;
      case "signInHere":
        void runSignInHere(desk);
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
        void runBlock(desk, { contact });
        return;
      case "mute":
        void runMute(desk, { conversation: contact.conversation, name: contact.name }, true);
        return;
      case "verify":
        if (whom) void runVerify(desk, whom);
        return;
      case "connectDirectly":
        if (whom) void runConnectDirectly(desk, whom);
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
  const name = nameOf(contact);
  const yes = await desk.prompter.confirm({
    text: t("Accept the new key of {0}?", name),
    detail: t(
      "Ask {0} by another way first whether this is the key of their device:\n{1}\n\nThey are not verified any more then.",
      name,
      formatPin(key),
    ),
    yes: t("Accept New Key"),
  });
  if (!yes) return;
  const outcome = await desk.daemon.request(acceptKey, { user: contact.name, key });
  if (!outcome.ok) explain(desk, outcome);
}
