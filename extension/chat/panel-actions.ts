// The closed list of actions that a chat panel may ask for besides messages, and the command that each one runs.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { acceptKey } from "../../protocol/api/direct.ts";
import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import type { PanelAction } from "../../protocol/page/page-messages.ts";
import { formatPin } from "../../protocol/pin.ts";
import { runSignIn } from "../commands/account.ts";
import { runSignInHere } from "../commands/accounts.ts";
import { showError } from "../commands/app-context.ts";
import { runConnectDirectly } from "../commands/direct.ts";
import type { AppContext } from "../commands/app-context.ts";
import { runReconnect, runRestartDaemon } from "../commands/this-machine.ts";
import { runBlock, runMute, runUnblock } from "../commands/people.ts";
import { runTrustServer } from "../commands/trust.ts";
import { runVerify } from "../commands/verify.ts";
import { nameOf } from "../contacts/contact-queries.ts";
import { t } from "../ui/l10n.ts";
import { wordsOf } from "../markdown/plain.ts";
import { plainLine } from "../ui/plain-text.ts";

export interface PanelActions {
  act(action: PanelAction, contact: Contact): void;
  /** Asks the person to confirm the deletion of an own message. */
  confirmDeletion(message: ChatMessage): Promise<boolean>;
  /** Asks what to do with invisible characters in a text that is copied; undefined if the person cancelled. */
  chooseHidden(kinds: readonly string[]): Promise<HiddenChoice | undefined>;
}

export type HiddenChoice = "removed" | "kept";

export function panelActions(app: AppContext): PanelActions {
  return {
    act: actFor(app),
    confirmDeletion: (message) =>
      app.prompter.confirm({
        text: t("Delete this message?"),
        detail: t(
          "“{0}” is taken back on both sides. A line that says so stays.",
          plainLine(wordsOf(message.text), 120),
        ),
        yes: t("Delete"),
      }),
    chooseHidden: (kinds) => chooseHidden(app, kinds),
  };
}

const maxListed = 12;

async function chooseHidden({ prompter }: AppContext, kinds: readonly string[]): Promise<HiddenChoice | undefined> {
  const [removed, kept] = [t("Without Hidden Characters"), t("As It Is")];
  const listed = kinds.length <= maxListed ? kinds : [...kinds.slice(0, maxListed), "…"];
  const pressed = await prompter.decide({
    text: t("This text has characters that are not seen."),
    detail: t("{0}\n\nThey can change what code does, or how it reads.", listed.join(", ")),
    buttons: [removed, kept],
  });
  return pressed === removed ? "removed" : pressed === kept ? "kept" : undefined;
}

function actFor(app: AppContext): PanelActions["act"] {
  return (action, contact) => {
    const whom = isEveryone(contact.conversation) ? undefined : { name: contact.name };
    switch (action) {
      case "signIn":
        void runSignIn(app);
        return;
      case "signInHere":
        void runSignInHere(app);
        return;
      case "reconnect":
        void runReconnect(app);
        return;
      case "trustServer":
        void runTrustServer(app);
        return;
      case "restartDaemon":
        void runRestartDaemon(app);
        return;
      case "showLog":
        app.showLog();
        return;
      case "unblock":
        if (whom) void runUnblock(app, whom);
        return;
      case "block":
        void runBlock(app, { contact });
        return;
      case "mute":
        void runMute(app, { conversation: contact.conversation, name: contact.name }, true);
        return;
      case "verify":
        if (whom) void runVerify(app, whom);
        return;
      case "connectDirectly":
        if (whom) void runConnectDirectly(app, whom);
        return;
      case "acceptKey":
        void acceptNewKey(app, contact);
        return;
    }
  };
}

async function acceptNewKey(app: AppContext, contact: Contact): Promise<void> {
  const key = contact.key?.changed;
  if (key === undefined) return;
  const name = nameOf(contact);
  const yes = await app.prompter.confirm({
    text: t("Accept the new key of {0}?", name),
    detail: t(
      "Ask {0} by another way first whether this is the key of their device:\n{1}\n\nThey are not verified any more then.",
      name,
      formatPin(key),
    ),
    yes: t("Accept New Key"),
  });
  if (!yes) return;
  const outcome = await app.daemon.request(acceptKey, { user: contact.name, key });
  if (!outcome.ok) showError(app, outcome);
}
