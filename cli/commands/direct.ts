// connect, disconnect, address, verify, requests, answer, revoke: direct talk between two people's daemons, and its keys.

import {
  acceptKey,
  answerQuestion,
  connectDirectly,
  disconnectDirectly,
  peerAddress,
  questions,
  revokeConsent,
  safetyNumber,
  verifyContact,
} from "../../protocol/api/direct.ts";
import type { ConsentRequest, QuestionAnswer } from "../../protocol/api/direct.ts";
import type { EditorRequest, Outcome } from "../../protocol/api/declare.ts";
import { failure } from "../../protocol/errors.ts";
import { keyOfName } from "../../protocol/names.ts";
import { formatPin } from "../../protocol/pin.ts";
import { hostAndPort } from "../../protocol/server-address.ts";
import type { CliCommand, Context, ExitCode } from "./command-context.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
import { plainName } from "../terminal/output.ts";
import { isYes } from "../terminal/prompt.ts";

export const connect: CliCommand = onPerson(connectDirectly, (user, { address }) => ({
  text: `Connected directly to ${user} at ${plainName(address)}.`,
  value: { address },
}));

export const disconnect: CliCommand = onPerson(disconnectDirectly, (user) => ({
  text: `Messages to ${user} go through the server now.`,
  value: { ok: true },
}));

export const revoke: CliCommand = onPerson(revokeConsent, (user) => ({
  text: `${user} is asked about again before connecting directly.`,
  value: { ok: true },
}));

export const address: CliCommand = onPerson(peerAddress, (_, { ip, port, key, addresses }) => {
  const all = [{ ip, port }, ...addresses].map((each) => plainName(hostAndPort(each.ip, each.port)));
  const lines = [...new Set(all), ...(key === undefined ? [] : [`Key: ${formatPin(key)}`])];
  return { text: lines.join("\n"), value: { ip, port, addresses, ...(key !== undefined && { key }) } };
});

/** `verify NAME`: shows the number and asks whether the other person sees the same one. */
export const verify: CliCommand = async (context) => {
  const { words, output, terminal, options } = context;
  const [user = ""] = words;
  const daemon = await connected(context);
  const found = await daemon.request(safetyNumber, { user });
  if (!found.ok) return output.refused(found);
  const { digits, key, verified, changed } = found;
  if (changed !== undefined) return await otherKey(context, daemon, { user, key, changed });
  const numberText = `The safety number of you and ${user}, the same on both sides:\n\n${blocks(digits)}\n`;
  if (options.json || !terminal.interactive) {
    output.result(`${numberText}\n${verified ? "Verified." : "Not verified yet."}`, { digits, key, verified });
    return 0;
  }
  output.hint(numberText);
  const answer = await terminal.ask(`Does ${user} see the same, read out to you by themselves? [y/N] `);
  const same = isYes(answer);
  const outcome = await daemon.request(verifyContact, { user, key, verified: same });
  if (!outcome.ok) return output.refused(outcome);
  output.result(same ? `${user} is verified.` : `${user} is not verified.`, { digits, key, verified: same });
  return 0;
};

async function otherKey(
  { output, terminal }: Context,
  daemon: DaemonConnection,
  { user, key, changed }: { user: string; key: string; changed: string },
): Promise<ExitCode> {
  const lines =
    `The key of ${user}'s device has changed: a new machine, or somebody else. Nobody is connected to directly until you ` +
    `accept it.\n  known: ${formatPin(key)}\n  shown: ${formatPin(changed)}`;
  if (!terminal.interactive) {
    return output.refused(failure("denied", `${lines}\nRun chat-room verify ${user} in a terminal to accept it.`));
  }
  output.hint(lines);
  const answer = await terminal.ask(`Does ${user} say that the shown one is theirs? Accept it? [y/N] `);
  if (!isYes(answer)) return output.refused(failure("denied", "Nothing was changed."));
  const outcome = await daemon.request(acceptKey, { user, key: changed });
  if (!outcome.ok) return output.refused(outcome);
  output.result(`${user} is known by the new key now. Run verify again to compare the number.`, { key: changed });
  return 0;
}

/** Lists the people who wait for this person's consent. */
export const requests: CliCommand = async (context) => {
  const daemon = await connected(context);
  const found = await daemon.request(questions, {});
  if (!found.ok) return context.output.refused(found);
  const lines = found.questions.map(describe);
  context.output.result(lines.length === 0 ? "Nobody asks." : lines.join("\n"), { requests: found.questions });
  return 0;
};

const answers: readonly QuestionAnswer[] = ["once", "always", "deny", "stop", "block"];

/** `answer NAME once|always|deny|stop|block` */
export const answer: CliCommand = async (context) => {
  const { words, output } = context;
  const [user = "", given] = words;
  const word = answers.find((each) => each === given);
  if (word === undefined) {
    output.failure(failure("bad_request", `Usage: chat-room answer NAME ${answers.join("|")}`));
    return 2;
  }
  const daemon = await connected(context);
  const found = await daemon.request(questions, {});
  if (!found.ok) return output.refused(found);
  // Any process on this machine may ask in that name, so a question that the server vouches for is preferred.
  const ofThem = found.questions.filter((each) => keyOfName(each.user) === keyOfName(user));
  const asked = ofThem.find(({ vouched }) => vouched) ?? ofThem[0];
  if (!asked) return output.refused(failure("no_such_user", `${user} does not ask for anything now.`));
  const outcome = await daemon.request(answerQuestion, { id: asked.id, answer: word });
  if (!outcome.ok) return output.refused(outcome);
  output.result(`${plainName(asked.user)}: ${word}.`, { ok: true });
  return 0;
};

function describe({ user, key, ip, vouched, keyChanged }: ConsentRequest): string {
  const from = ip === undefined ? "" : ` from ${ip}`;
  const device = key === undefined ? "no device key" : `device ${formatPin(key)}`;
  const doubts = [
    ...(vouched ? [] : ["the server does not vouch for the name"]),
    ...(keyChanged ? ["known with another key"] : []),
  ];
  return `${plainName(user + from)}, ${device}${doubts.length > 0 ? ` (${doubts.join("; ")})` : ""}`;
}

function onPerson<Result>(
  declared: EditorRequest<{ user: string }, Result>,
  say: (user: string, result: Result) => { readonly text: string; readonly value: object },
): CliCommand {
  return async (context) => {
    const [user = ""] = context.words;
    const daemon = await connected(context);
    const outcome: Outcome<Result> = await daemon.request(declared, { user });
    if (!outcome.ok) return context.output.refused(outcome);
    const { text, value } = say(user, outcome);
    context.output.result(text, value);
    return 0;
  };
}

async function connected({ connect: open }: Context): Promise<DaemonConnection> {
  const daemon = await open();
  await daemon.settledSession();
  return daemon;
}

/** Twelve groups of five digits, in three lines. */
function blocks(digits: string): string {
  const groups = digits.match(/\d{5}/g) ?? [];
  return [0, 4, 8].map((from) => `  ${groups.slice(from, from + 4).join(" ")}`).join("\n");
}
