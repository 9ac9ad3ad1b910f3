// Direct links: Connect Directly, Disconnect Direct Link, Show Peer Address, Revoke Direct Access, and answering a request.
// The daemon opens and keeps the link; without one, messages go through the server.

import type { Outcome } from "../../protocol/api/declare.ts";
import {
  answerQuestion,
  connectDirectly,
  consents,
  disconnectDirectly,
  peerAddress,
  questionAnswer,
  revokeConsent,
} from "../../protocol/api/direct.ts";
import type { ConsentRequest, QuestionAnswer } from "../../protocol/api/direct.ts";
import { failure } from "../../protocol/errors.ts";
import { formatPin } from "../../protocol/pin.ts";
import { Invalid } from "../../protocol/validate.ts";
import { answerLabel, answersTo, questionLines } from "./direct-texts.ts";
import { t } from "../ui/l10n.ts";
import { forNotification, withoutIcons } from "../ui/plain-text.ts";
import { contactArgument, textOf } from "./command-arguments.ts";
import { cancelled, showError, nameFor } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";

export const connectDirectlyCommand = command({
  id: "chatRoom.connectDirectly",
  title: "Connect Directly",
  icon: "plug",
  description: "Asks a contact for a direct link.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: {
    contact: {
      group: "2_direct@1",
      when: "viewItem =~ /^person\\.welcome\\..*\\.present\\.relayed/ && !listMultiSelection",
    },
  },
  late: true,
  run: runConnectDirectly,
});

/** `chatRoom.connectDirectly`: a name, `{ name }`, or a row of Contacts. Returns `{ ok: true, address }` or the refusal. */
export async function runConnectDirectly(app: AppContext, given?: unknown): Promise<Outcome<{ address: string }>> {
  const user = await nameFor(app, given, {
    title: t("Chat Room: Connect Directly"),
    placeholder: t("To whom? They are asked first. Choose, or type a name"),
    suits: (contact) => !contact.blocked && contact.presence !== "offline" && contact.route?.kind !== "direct",
  });
  if (user === undefined) return cancelled;
  const shown = withoutIcons(user, 64);
  const outcome = await app.prompter.busy(t("Asking {0} to talk directly…", shown), () =>
    app.daemon.request(connectDirectly, { user }),
  );
  if (outcome.ok) app.prompter.mention(`$(plug) ${t("Connected directly to {0}", shown)}`);
  else showError(app, outcome);
  return outcome;
}

export const disconnectDirectlyCommand = command({
  id: "chatRoom.disconnectDirectly",
  title: "Disconnect Direct Link",
  icon: "debug-disconnect",
  description: "Ends a direct link; messages go through the server again.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: { contact: { group: "2_direct@1", when: "viewItem =~ /\\.direct(\\.|$)/ && !listMultiSelection" } },
  late: true,
  run: runDisconnectDirectly,
});

/** `chatRoom.disconnectDirectly`: as `chatRoom.connectDirectly`. Returns the outcome. */
export async function runDisconnectDirectly(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const user = await nameFor(app, given, {
    title: t("Chat Room: Disconnect Direct Link"),
    placeholder: t("Whose messages should go through the server again?"),
    suits: (contact) => contact.route?.kind === "direct",
  });
  if (user === undefined) return cancelled;
  const outcome = await app.daemon.request(disconnectDirectly, { user });
  if (outcome.ok) app.prompter.mention(t("Messages with {0} go through the server", withoutIcons(user, 64)));
  else showError(app, outcome);
  return outcome;
}

export const showAddressCommand = command({
  id: "chatRoom.showAddress",
  title: "Show Peer Address",
  icon: "location",
  description: "Asks a contact for the address of their machine.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: {
    contact: { group: "2_direct@3", when: "viewItem =~ /^person\\.welcome\\..*\\.present\\./ && !listMultiSelection" },
  },
  late: true,
  run: runShowAddress,
});

/** `chatRoom.showAddress`: as `chatRoom.connectDirectly`. Returns `{ ok: true, ip, port, … }` or the refusal. */
export async function runShowAddress(app: AppContext, given?: unknown): Promise<Outcome<{ ip: string; port: number }>> {
  const user = await nameFor(app, given, {
    title: t("Chat Room: Show Peer Address"),
    placeholder: t("Whose? They are asked first. Choose, or type a name"),
    suits: (contact) => !contact.blocked && contact.presence !== "offline",
  });
  if (user === undefined) return cancelled;
  const shown = forNotification(user, 64);
  const outcome = await app.prompter.busy(t("Asking {0} for the address…", withoutIcons(user, 64)), () =>
    app.daemon.request(peerAddress, { user }),
  );
  if (!outcome.ok) {
    showError(app, outcome);
    return outcome;
  }
  const address = written(outcome);
  const others = outcome.addresses.map(written).filter((each) => each !== address);
  const words = [
    t("{0} is at {1}.", shown, forNotification(address, 80)),
    others.length === 0 ? "" : t("Also at {0}.", forNotification(others.join(", "), 400)),
    outcome.key === undefined ? "" : t("Device {0}.", formatPin(outcome.key)),
  ];
  const copy = t("Copy");
  void app.prompter.tell("info", words.filter((each) => each !== "").join(" "), copy).then((pressed) => {
    if (pressed === copy) void app.copy(address);
  });
  return outcome;
}

export const revokeDirectCommand = command({
  id: "chatRoom.revokeDirect",
  title: "Revoke Direct Access",
  icon: "key",
  description: "Takes back an Always Allow.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: { contactsTitle: { group: "1_people@4", when: "chatRoom.signedIn" } },
  late: true,
  run: runRevokeDirect,
});

/** `chatRoom.revokeDirect`: a name or row; otherwise asks which Always Allow to revoke. Returns the outcome. */
export async function runRevokeDirect(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const title = t("Chat Room: Revoke Direct Access");
  let user = given === undefined ? undefined : await nameFor(app, given, { title, placeholder: t("Whose?") });
  if (given === undefined) {
    const known = await app.daemon.request(consents, {});
    if (!known.ok) {
      showError(app, known);
      return known;
    }
    if (known.consents.length === 0) {
      void app.prompter.tell("info", t("Nobody may connect to this machine without being asked about."));
      return cancelled;
    }
    user = await app.prompter.choose({
      title,
      placeholder: t("Who is to be asked about again?"),
      choices: known.consents.map((each) => ({
        label: withoutIcons(each.user, 64),
        detail: formatPin(each.key),
        icon: "key",
        value: each.user,
      })),
    });
  }
  if (user === undefined) return cancelled;
  const outcome = await app.daemon.request(revokeConsent, { user });
  if (outcome.ok) app.prompter.mention(`$(check) ${t("{0} is asked about again", withoutIcons(user, 64))}`);
  else showError(app, outcome);
  return outcome;
}

export const answerQuestionCommand = command({
  id: "chatRoom.answerQuestion",
  title: "Answer Direct Request",
  icon: "reply",
  description: "Answers somebody who wants to talk directly.",
  arguments: {
    id: { type: "text", description: "Which request; by default the only one." },
    answer: {
      type: ["once", "always", "deny", "stop", "block"],
      description: "`stop`: deny, and do not ask about them again.",
    },
  },
  enablement: "chatRoom.questions > 0",
  palette: "chatRoom.questions > 0",
  menus: { contact: { group: "inline@1", when: "viewItem == question" } },
  late: true,
  run: runAnswerQuestion,
});

/** `chatRoom.answerQuestion`: `{ id?, answer? }`; asks for what is missing. Returns the outcome. */
export async function runAnswerQuestion(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const id = textOf(given, "id");
  const question = id === undefined ? await chosenQuestion(app) : app.questions.find(id);
  if (question === undefined) {
    const none = failure("bad_request", t("Nobody waits for an answer: it was given already, or the time is over."));
    if (id !== undefined || app.questions.open.length === 0) showError(app, none);
    return none;
  }
  const wanted = questionAnswer.read(textOf(given, "answer"), "");
  const answer = wanted instanceof Invalid ? await askedAnswer(app, question) : wanted;
  if (answer === undefined) return cancelled;
  const outcome = await app.daemon.request(answerQuestion, { id: question.id, answer });
  if (!outcome.ok) showError(app, outcome);
  return outcome;
}

async function chosenQuestion(app: AppContext): Promise<ConsentRequest | undefined> {
  const { open } = app.questions;
  if (open.length < 2) return open[0];
  return app.prompter.choose({
    title: t("Chat Room: Answer Direct Request"),
    placeholder: t("Who wants to talk directly?"),
    choices: open.map((each) => ({ label: withoutIcons(each.user, 64), icon: "question", value: each })),
  });
}

async function askedAnswer(app: AppContext, question: ConsentRequest): Promise<QuestionAnswer | undefined> {
  const answers = answersTo(question);
  const [first = "", ...rest] = questionLines(question);
  const explained = answers.includes("always")
    ? t("Allow Once counts until this direct link ends; Always Allow until you revoke it.")
    : t("Allow Once counts for this time only.");
  const pressed = await app.prompter.decide({
    text: first,
    detail: [...rest, explained].join("\n\n"),
    buttons: answers.map(answerLabel),
  });
  return answers.find((each) => answerLabel(each) === pressed);
}

function written({ ip, port }: { ip: string; port: number }): string {
  return `${ip.includes(":") ? `[${ip}]` : ip}:${port}`;
}
