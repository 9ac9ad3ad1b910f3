// Set Status: what others see of this person being there. The daemon keeps it and tells the server after every connection.

import type { Outcome } from "../../protocol/editor/declare.ts";
import { setPresence } from "../../protocol/editor/talk.ts";
import { limits } from "../../protocol/limits.ts";
import { ownPresence } from "../../protocol/messages/people.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { Infer } from "../../protocol/validate.ts";
import { t } from "../l10n.ts";
import { askInTurn } from "../prompter-port.ts";
import { textOf } from "./arguments.ts";
import { cancelled, explain } from "./desk.ts";
import type { Desk } from "./desk.ts";

type Status = Infer<typeof ownPresence>;

/** `chatRoom.setStatus`: `{ state, text? }`, with a state `available`, `away` or `dnd`; asks where it is missing. */
export async function runSetStatus(desk: Desk, given?: unknown): Promise<Outcome<object>> {
  const wanted = ownPresence.read(textOf(given, "state"), "");
  const state = wanted instanceof Invalid ? await askedState(desk) : wanted;
  if (state === undefined) return cancelled;
  const text = wanted instanceof Invalid ? await askedText(desk, state) : (textOf(given, "text") ?? "");
  if (text === undefined) return cancelled;
  const trimmed = text.trim();
  const outcome = await desk.daemon.request(setPresence, { state, ...(trimmed !== "" && { text: trimmed }) });
  if (outcome.ok) {
    await desk.notes.write("status", noteOf(desk, state));
    desk.prompter.mention(`$(check) ${t("Your status: {0}", statusWords(state))}`);
  } else explain(desk, outcome);
  return outcome;
}

/** Whether the person, as who they are signed in now, asked not to be disturbed. */
export async function isUndisturbed(desk: Desk): Promise<boolean> {
  return (await desk.notes.read("status")) === noteOf(desk, "dnd");
}

/** Another account has a status of its own. */
function noteOf({ room }: Desk, state: Status): string {
  return JSON.stringify([state, room.account?.user, room.account?.server]);
}

function statusWords(state: Status): string {
  switch (state) {
    case "available":
      return t("available");
    case "away":
      return t("away");
    case "dnd":
      return t("do not disturb");
  }
}

function askedState(desk: Desk): Promise<Status | undefined> {
  return desk.prompter.choose<Status>({
    title: t("Chat Room: Set Status"),
    placeholder: t("What do others see?"),
    choices: [
      { label: t("Available"), icon: "circle-filled", value: "available" },
      { label: t("Away"), icon: "clock", value: "away" },
      {
        label: t("Do Not Disturb"),
        detail: t("Chat Room shows no notifications meanwhile; unread messages are counted"),
        icon: "stop-circle",
        value: "dnd",
      },
    ],
  });
}

async function askedText(desk: Desk, state: Status): Promise<string | undefined> {
  const max = limits.maxPresenceTextLength;
  const asked = await askInTurn(desk.prompter, [
    {
      title: t("Chat Room: Set Status"),
      prompt: t("A few words beside “{0}”, or nothing", statusWords(state)),
      placeholder: t("in a meeting until three"),
      validate: (text) => (text.trim().length > max ? t("At most {0} characters.", max) : undefined),
    },
  ]);
  return asked?.[0];
}
