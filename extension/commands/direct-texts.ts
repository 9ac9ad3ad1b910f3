// What a person reads before they agree to talk directly, and the notation of keys and safety numbers for comparison.

import type { ConsentRequest, QuestionAnswer } from "../../protocol/api/direct.ts";
import { formatPin } from "../../protocol/pin.ts";
import { t } from "../ui/l10n.ts";
import { forNotification } from "../ui/plain-text.ts";

/**
 * Says who asks, with which device, from where, and who vouches for it, in one sentence each. `short`: without the
 * fingerprint.
 */
export function questionLines(question: ConsentRequest, short = false): string[] {
  const user = forNotification(question.user, 64);
  const lines = [
    question.vouched
      ? t("{0} wants to talk to you directly, and would learn the address of this machine.", user)
      : t(
          "Somebody who gives the name {0} wants to talk to you directly. The server does not vouch for the name.",
          user,
        ),
    question.keyChanged ? t("Their device has another key than before: ask them whether they have a new one.") : "",
    question.key === undefined ? t("Their device showed no key.") : "",
    question.key === undefined || short ? "" : t("Device {0}.", formatPin(question.key)),
    question.ip === undefined ? "" : t("Asking from {0}.", forNotification(question.ip, 64)),
    question.vouched ? t("The server vouches for the name.") : "",
  ];
  return lines.filter((line) => line !== "");
}

/**
 * The answers, with Deny first, for those who press without reading. Unless the server vouches, only once can be allowed.
 */
export function answersTo(question: ConsentRequest): readonly QuestionAnswer[] {
  return question.vouched ? ["deny", "once", "always", "stop", "block"] : ["deny", "once", "block"];
}

export function answerLabel(answer: QuestionAnswer): string {
  switch (answer) {
    case "once":
      return t("Allow Once");
    case "always":
      return t("Always Allow");
    case "deny":
      return t("Deny");
    case "stop":
      return t("Stop Asking Me");
    case "block":
      return t("Block");
  }
}

/** Formats 60 digits as twelve groups of five, four per line: a screen reader reads out each group separately. */
export function formatDigits(digits: string): string {
  const groups = digits.match(/.{1,5}/g) ?? [];
  const lines = [groups.slice(0, 4), groups.slice(4, 8), groups.slice(8)];
  return lines.map((line) => line.join("  ")).join("\n");
}
