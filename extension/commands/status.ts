// Set Status: the presence that others see. The daemon keeps it, reports it to every window and the server, and holds back
// all notifications during do not disturb.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { OwnPresence } from "../../protocol/api/model.ts";
import { setPresence } from "../../protocol/api/conversation.ts";
import { limits } from "../../protocol/limits.ts";
import { ownPresence } from "../../protocol/wire/people.ts";
import { integer, Invalid, object, optional } from "../../protocol/validate.ts";
import { presenceIcon } from "../contacts/icons.ts";
import { t } from "../ui/l10n.ts";
import { statusWords, withEnd } from "../status/presence-text.ts";
import { withoutIcons } from "../ui/plain-text.ts";
import { askInTurn } from "../ui/prompter-port.ts";
import type { Choice } from "../ui/prompter-port.ts";
import { textOf } from "./command-arguments.ts";
import { cancelled, showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";

type Status = OwnPresence["state"];

export const setStatusCommand = command({
  id: "chatRoom.setStatus",
  title: "Set Status",
  icon: "circle-large-filled",
  description: "Sets what others see of your presence.",
  arguments: {
    state: { type: ["available", "away", "dnd"], description: "`dnd`: do not disturb, without notifications." },
    text: { type: "text", description: "A few words beside it." },
    minutes: { type: "number", description: "How long it lasts; without it, until it is changed." },
  },
  enablement: "chatRoom.signedIn",
  menus: { contactsTitle: { group: "4_account@1", when: "chatRoom.signedIn" } },
  keybinding: { key: "ctrl+k a", when: "chatRoom.signedIn" },
  late: true,
  run: runSetStatus,
});

/** `chatRoom.setStatus`: `{ state, text?, minutes? }`, with a state `available`, `away` or `dnd`; asks if it is missing. */
export async function runSetStatus(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const wanted = ownPresence.read(textOf(given, "state"), "");
  const state = wanted instanceof Invalid ? await askedState(app) : wanted;
  if (state === undefined) return cancelled;
  const text = wanted instanceof Invalid ? await askedText(app, state) : (textOf(given, "text") ?? "");
  if (text === undefined) return cancelled;
  const trimmed = text.trim();
  const until = wanted instanceof Invalid ? await askedEnd(app, state, trimmed) : endIn(minutesOf(given));
  if (until === undefined) return cancelled;
  const words = { ...(trimmed !== "" && { text: trimmed }), ...(until !== never && { untilMs: until }) };
  const outcome = await app.daemon.request(setPresence, { state, ...words });
  if (outcome.ok) app.prompter.mention(`$(check) ${t("Your status: {0}", statusWords(state))}`);
  else showError(app, outcome);
  return outcome;
}

/** No end time. */
const never = 0;
const minuteMs = 60_000;

function endIn(minutes: number | undefined): number {
  return minutes === undefined ? never : Date.now() + minutes * minuteMs;
}

function minutesOf(given: unknown): number | undefined {
  const read = object({ minutes: optional(integer({ min: 1, max: 525_600 })) }).read(given, "");
  return read instanceof Invalid ? undefined : read.minutes;
}

/** Asks how long the status lasts; plain Available has no end. */
async function askedEnd({ prompter }: AppContext, state: Status, text: string): Promise<number | undefined> {
  if (state === "available" && text === "") return never;
  return prompter.choose<number>({
    title: t("Chat Room: Set Status"),
    placeholder: t("Until when? After that you are available again."),
    choices: [
      { label: t("Don't Clear"), value: never },
      { label: t("30 Minutes"), value: endIn(30) },
      { label: t("1 Hour"), value: endIn(60) },
      { label: t("Today"), value: new Date().setHours(23, 59, 59, 999) },
    ],
  });
}

function askedState(app: AppContext): Promise<Status | undefined> {
  const { ownPresence: own } = app.store;
  const detail = t("Chat Room shows no notifications meanwhile; unread messages are counted");
  const choices: Choice<Status>[] = [
    { label: t("Available"), value: "available" },
    { label: t("Away"), value: "away" },
    { label: t("Do Not Disturb"), detail, value: "dnd" },
  ];
  return app.prompter.choose<Status>({
    title: t("Chat Room: Set Status"),
    placeholder: t("What do others see?"),
    choices: choices.map((each) => ({
      ...each,
      icon: presenceIcon(each.value).id,
      // The current status, with its text and its end.
      ...(each.value === own.state && { description: withoutIcons(`✓ ${withEnd(own.text ?? "", own)}`.trim()) }),
    })),
  });
}

async function askedText(app: AppContext, state: Status): Promise<string | undefined> {
  const max = limits.maxPresenceTextLength;
  const asked = await askInTurn(app.prompter, [
    {
      title: t("Chat Room: Set Status"),
      prompt: t("A few words beside “{0}”, or nothing", statusWords(state)),
      placeholder: t("in a meeting until three"),
      ...(state === app.store.ownPresence.state && { value: app.store.ownPresence.text ?? "" }),
      validate: (text) => (text.trim().length > max ? t("At most {0} characters.", max) : undefined),
    },
  ]);
  return asked?.[0];
}
