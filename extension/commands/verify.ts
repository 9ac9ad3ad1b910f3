// Verify Contact: both people compare sixty digits, over the phone or side by side, and so know that nobody is between them.
// After a changed key both keys are shown first, and only the person can accept the new one.

import type { Outcome } from "../../protocol/api/declare.ts";
import { acceptKey, disconnectDirectly, safetyNumber, verifyContact } from "../../protocol/api/direct.ts";
import { formatPin } from "../../protocol/pin.ts";
import { formatDigits } from "./direct-texts.ts";
import { t } from "../ui/l10n.ts";
import { forNotification, withoutIcons } from "../ui/plain-text.ts";
import { cancelled, showError, nameFor } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";
import { contactArgument } from "./command-arguments.ts";

interface Shown {
  readonly digits: string;
  readonly key: string;
  readonly verified: boolean;
}

export const verifyCommand = command({
  id: "chatRoom.verify",
  title: "Verify Contact",
  icon: "verified",
  description: "Compares sixty digits with a contact.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: {
    contact: [
      { group: "inline@1", when: "viewItem =~ /\\.changed$/" },
      { group: "2_direct@2", when: "viewItem =~ /^person\\.welcome\\./ && !listMultiSelection" },
    ],
  },
  late: true,
  run: runVerify,
});

/** `chatRoom.verify`: a name, `{ name }`, or a row of Contacts. Returns `{ ok: true, verified }` or the refusal. */
export async function runVerify(app: AppContext, given?: unknown): Promise<Outcome<{ verified: boolean }>> {
  const user = await nameFor(app, given, {
    title: t("Chat Room: Verify Contact"),
    placeholder: t("Whose device do you want to check? Choose, or type a name"),
    suits: (contact) => !contact.blocked,
  });
  if (user === undefined) return cancelled;
  const known = await app.daemon.request(safetyNumber, { user });
  if (!known.ok) {
    showError(app, known);
    return known;
  }
  return known.changed === undefined ? compare(app, user, known) : judge(app, user, known.key, known.changed);
}

/** Asks the person about a changed key. The default button changes nothing, here and below. */
async function judge(
  app: AppContext,
  user: string,
  before: string,
  now: string,
): Promise<Outcome<{ verified: boolean }>> {
  const [accept, copy] = [t("Accept New Key"), t("Copy Both Keys")];
  const name = forNotification(user, 64);
  const pressed = await app.prompter.decide({
    text: t("{0}’s device shows another key than before.", name),
    detail: t(
      "Key before:\n{0}\n\nKey now:\n{1}\n\nThat is so with a new device or a new installation. If {2} has neither, somebody may be between you. Until you accept the new key there is no direct talk; messages go through the server.",
      formatPin(before),
      formatPin(now),
      name,
    ),
    buttons: [copy, accept],
  });
  if (pressed === copy) await app.copy(`${formatPin(before)}\n${formatPin(now)}`);
  if (pressed !== accept) return cancelled;
  const outcome = await app.daemon.request(acceptKey, { user, key: now });
  if (!outcome.ok) {
    showError(app, outcome);
    return outcome;
  }
  app.prompter.mention(`$(key) ${t("The new key of {0} is accepted", withoutIcons(user, 64))}`);
  const again = await app.daemon.request(safetyNumber, { user });
  return again.ok && again.changed === undefined ? compare(app, user, again) : { ok: true, verified: false };
}

async function compare(app: AppContext, user: string, shown: Shown): Promise<Outcome<{ verified: boolean }>> {
  const name = forNotification(user, 64);
  const [same, differs, copy] = [t("Mark as Verified"), t("Not the Same"), t("Copy Number")];
  const pressed = await app.prompter.decide({
    text: shown.verified ? t("You have verified {0}.", name) : t("Does {0} see the same number?", name),
    detail: t(
      "{0}\n\nCompare it with what {1} sees under Verify Contact, over the phone or side by side, not in this chat. If every digit is the same, nobody is between you.\n\nKey of the device of {1}:\n{2}",
      formatDigits(shown.digits),
      name,
      formatPin(shown.key),
    ),
    buttons: shown.verified ? [copy, differs] : [copy, same, differs],
  });
  if (pressed === copy) {
    await app.copy(formatDigits(shown.digits).replaceAll("\n", "  "));
    return { ok: true, verified: shown.verified };
  }
  if (pressed === undefined) return cancelled;
  const verified = pressed === same;
  const outcome = await app.daemon.request(verifyContact, { user, key: shown.key, verified });
  if (!outcome.ok) {
    showError(app, outcome);
    return outcome;
  }
  if (verified) app.prompter.mention(`$(verified) ${t("{0} is verified", withoutIcons(user, 64))}`);
  else await warn(app, user);
  return { ok: true, verified };
}

/** Handles different numbers: another device may be in between, so the direct link ends. */
async function warn(app: AppContext, user: string): Promise<void> {
  await app.daemon.request(disconnectDirectly, { user });
  const words = t(
    "{0} is not verified, and there is no direct link. Compare again; if the numbers still differ, do not write anything secret, and tell whoever runs the server.",
    forNotification(user, 64),
  );
  void app.prompter.tell("warning", words);
}
